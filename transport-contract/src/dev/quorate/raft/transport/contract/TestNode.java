package dev.quorate.raft.transport.contract;

import dev.quorate.raft.api.Address;
import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.transport.Lane;
import dev.quorate.raft.api.transport.Transport;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** A started transport, and what it received. */
public final class TestNode implements AutoCloseable {

  /** A frame with its sender. */
  public record Received(NodeId from, byte[] bytes) {

    /** The frame as text. */
    public String text() {
      return new String(bytes, StandardCharsets.UTF_8);
    }
  }

  private final NodeId id;
  private final Transport transport;
  private final RecordingLogger log;
  private final Address address;
  private final List<Received> received = new CopyOnWriteArrayList<>();

  TestNode(NodeId id, Transport transport, RecordingLogger log) throws IOException {
    this.id = id;
    this.transport = transport;
    this.log = log;
    this.address = transport.start(this::take);
  }

  private void take(NodeId from, ByteBuffer frame) {
    byte[] bytes = new byte[frame.remaining()];
    frame.get(bytes);
    received.add(new Received(from, bytes));
  }

  public NodeId id() {
    return id;
  }

  public Address address() {
    return address;
  }

  public Transport transport() {
    return transport;
  }

  public RecordingLogger log() {
    return log;
  }

  /** Everything that arrived so far. */
  public List<Received> received() {
    return received;
  }

  /** Whether a frame with this text arrived. */
  public boolean got(String text) {
    return received.stream().anyMatch(frame -> frame.text().equals(text));
  }

  public void peer(TestNode peer) {
    transport.setPeers(Map.of(peer.id, peer.address));
  }

  public void send(NodeId to, Lane lane, String text) {
    transport.send(to, lane, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
  }

  /** Sends until it arrives, as Raft does. */
  public void sendUntilReceived(TestNode to, String text) {
    long[] sentAt = {System.nanoTime() - 10_000_000};
    Await.until(
        "'" + text + "' reaches " + to.id,
        () -> {
          if (System.nanoTime() - sentAt[0] >= 5_000_000) {
            sentAt[0] = System.nanoTime();
            send(to.id, Lane.CONTROL, text);
          }
          return to.got(text);
        });
  }

  @Override
  public void close() {
    transport.close();
  }
}
