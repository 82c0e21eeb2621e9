package dev.quorate.raft.engine.runtime;

import dev.quorate.raft.api.transport.Lane;
import dev.quorate.raft.api.transport.Link;
import dev.quorate.raft.api.transport.LinkListener;
import dev.quorate.raft.engine.codec.ClientCodec;
import dev.quorate.raft.engine.codec.DecodeException;
import dev.quorate.raft.engine.message.ClientMessage;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Where the links of clients outside the cluster come in: bounds their number and brings each to
 * the desk of the group that it asks for. For any thread.
 */
final class ClientEntrance {

  private final int maxClients;
  private final RateLimitedLog log;
  private final AtomicInteger clients = new AtomicInteger();
  private final ConcurrentMap<String, ClientDesk> desks = new ConcurrentHashMap<>();

  ClientEntrance(int maxClients, RateLimitedLog log) {
    this.maxClients = maxClients;
    this.log = log;
  }

  void open(ClientDesk desk) {
    desks.put(desk.group(), desk);
  }

  /** The group is closed: its clients find another node. */
  void close(String group) {
    Optional.ofNullable(desks.remove(group)).ifPresent(ClientDesk::close);
  }

  /** A client comes; who hears it, unless there are too many. */
  Optional<LinkListener> welcome(Link link) {
    if (clients.incrementAndGet() > maxClients) {
      clients.decrementAndGet();
      refuse(link, "this node has " + maxClients + " clients already (" + ClientKeys.MAX + ")");
      return Optional.empty();
    }
    return Optional.of(new Visitor(link));
  }

  private void refuse(Link link, String reason) {
    log.warn("client refused", "refused client " + link.remote() + ": " + reason);
    link.send(Lane.CONTROL, ClientCodec.encode(new ClientMessage.Refusal(reason)));
    link.close();
  }

  /** A client's link; its fields belong to the link's events, of which there is one at a time. */
  private final class Visitor implements LinkListener {
    private final Link link;
    private Optional<ClientConnection> connection = Optional.empty();

    Visitor(Link link) {
      this.link = link;
    }

    @Override
    public void onOpen() {
      // It is open already.
    }

    @Override
    public void onFrame(ByteBuffer frame) {
      try {
        ClientMessage message = ClientCodec.decode(frame);
        if (message instanceof ClientMessage.Call call && connection.isPresent()) {
          connection.get().onCall(call);
        } else if (message instanceof ClientMessage.Hello hello && connection.isEmpty()) {
          greet(hello);
        } else {
          refuse(link, "it said what was not its turn to say");
        }
      } catch (DecodeException e) {
        refuse(link, e.getMessage());
      }
    }

    private void greet(ClientMessage.Hello hello) {
      ClientDesk desk = desks.get(hello.group());
      if (desk == null) {
        refuse(link, "there is no group '" + hello.group() + "' here");
        return;
      }
      Optional<String> hindrance = desk.hindrance(hello);
      if (hindrance.isPresent()) {
        refuse(link, hindrance.get());
      } else {
        connection = Optional.of(desk.connect(link));
      }
    }

    @Override
    public void onClosed(String reason) {
      clients.decrementAndGet();
      connection.ifPresent(ClientConnection::closed);
    }
  }
}
