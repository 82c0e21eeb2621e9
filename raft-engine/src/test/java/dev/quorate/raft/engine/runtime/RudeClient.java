package dev.quorate.raft.engine.runtime;

import dev.quorate.raft.api.transport.FrameReceiver;
import dev.quorate.raft.api.transport.Lane;
import dev.quorate.raft.api.transport.Link;
import dev.quorate.raft.api.transport.LinkListener;
import dev.quorate.raft.engine.codec.ClientCodec;
import dev.quorate.raft.engine.codec.DecodeException;
import dev.quorate.raft.engine.message.ClientMessage;
import dev.quorate.raft.engine.message.ClusterId;
import dev.quorate.raft.engine.message.Proposal;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A client that keeps to no bound that it is told, and takes in only what it wants to. */
final class RudeClient implements Link {

  private final List<ClientMessage> heard = new CopyOnWriteArrayList<>();
  private final Set<Lane> takes = ConcurrentHashMap.newKeySet();
  private final Optional<LinkListener> node;
  private volatile boolean closed;

  /** Opens a link to a node. */
  RudeClient(FrameReceiver node) {
    takes.addAll(List.of(Lane.values()));
    this.node = node.onClient(this);
  }

  /** From now on it takes in nothing else. */
  void takesOnly(Lane... lanes) {
    takes.retainAll(Set.of(lanes));
  }

  void say(ByteBuffer frame) {
    node.orElseThrow().onFrame(frame);
  }

  void say(ClientMessage message) {
    say(ClientCodec.encode(message));
  }

  RudeClient greets() {
    say(new ClientMessage.Hello(ClusterId.NONE, "default"));
    return this;
  }

  void submit(long number, String word) {
    say(
        new ClientMessage.Submit(
            number, 20_000, Proposal.command(ByteBuffer.wrap(Register.bytes(word)))));
  }

  /** The link ends, as the transport would tell the node. */
  void leaves() {
    node.orElseThrow().onClosed("the client left");
  }

  @Override
  public String remote() {
    return "a rude client";
  }

  @Override
  public boolean send(Lane lane, ByteBuffer frame) {
    if (closed || !takes.contains(lane)) {
      return false;
    }
    try {
      heard.add(ClientCodec.decode(frame));
    } catch (DecodeException e) {
      throw new AssertionError(e);
    }
    return true;
  }

  @Override
  public void close() {
    closed = true;
  }

  boolean isClosed() {
    return closed;
  }

  boolean isServed() {
    return node.isPresent();
  }

  /** Everything of one kind that it was told so far. */
  <M extends ClientMessage> List<M> heard(Class<M> kind) {
    return heard.stream().filter(kind::isInstance).map(kind::cast).toList();
  }
}
