package dev.quorate.raft.testkit.contract;

import dev.quorate.raft.api.Address;
import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.transport.FrameReceiver;
import dev.quorate.raft.api.transport.Lane;
import dev.quorate.raft.api.transport.Transport;
import dev.quorate.raft.testkit.internal.tests.Await;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/** A started transport, and what it received. */
final class TestNode implements AutoCloseable {

  private static final long RESEND_NANOS = 5_000_000;

  /** A frame with its sender. */
  record Received(NodeId from, byte[] bytes) {

    /** The frame as text. */
    String text() {
      return new String(bytes, StandardCharsets.UTF_8);
    }
  }

  private final NodeId id;
  private final Transport transport;
  private final Duration patience;
  private final Address address;
  private final List<Received> received = new CopyOnWriteArrayList<>();
  private final List<NodeId> lost = new CopyOnWriteArrayList<>();
  private final List<NodeId> gone = new CopyOnWriteArrayList<>();

  /** Where the receiver hangs; null while it does not. */
  private volatile Gate gate;

  private static final class Gate {
    private final CountDownLatch reached = new CountDownLatch(1);
    private final CountDownLatch opened = new CountDownLatch(1);

    void pass() {
      reached.countDown();
      try {
        opened.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  TestNode(NodeId id, Transport transport, Duration patience) throws IOException {
    this.id = id;
    this.transport = transport;
    this.patience = patience;
    this.address = transport.start(new Ear());
  }

  private final class Ear implements FrameReceiver {
    @Override
    public void onFrame(NodeId from, ByteBuffer frame) {
      take(from, frame);
    }

    @Override
    public void onConnectionLost(NodeId peer) {
      lost.add(peer);
    }

    @Override
    public void onPeerGone(NodeId peer) {
      gone.add(peer);
    }
  }

  /** Whose connections ended, as far as the transport has said. */
  List<NodeId> lost() {
    return lost;
  }

  /** Who is gone, as far as the transport has said. */
  List<NodeId> gone() {
    return gone;
  }

  private void take(NodeId from, ByteBuffer frame) {
    byte[] bytes = new byte[frame.remaining()];
    frame.get(bytes);
    received.add(new Received(from, bytes));
    Gate here = gate;
    if (here != null) {
      here.pass();
    }
  }

  NodeId id() {
    return id;
  }

  Address address() {
    return address;
  }

  Transport transport() {
    return transport;
  }

  /** Everything that arrived so far. */
  List<Received> received() {
    return received;
  }

  /** Whether a frame with this text arrived. */
  boolean got(String text) {
    return received.stream().anyMatch(frame -> frame.text().equals(text));
  }

  /** How many frames of this length arrived. */
  long countOfLength(int length) {
    return received.stream().filter(frame -> frame.bytes().length == length).count();
  }

  /** Names the only peer. */
  void peer(TestNode peer) {
    peer(peer.id, peer.address);
  }

  /** Names the only peer. */
  void peer(NodeId peer, Address at) {
    transport.setPeers(Map.of(peer, at));
  }

  void send(NodeId to, Lane lane, String text) {
    transport.send(to, lane, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
  }

  /** Sends until it arrives, as Raft does. */
  void sendUntilReceived(TestNode to, String text) {
    long[] sentAt = {System.nanoTime() - RESEND_NANOS};
    Await.within(
        patience,
        "'" + text + "' reaches " + to.id,
        () -> {
          if (System.nanoTime() - sentAt[0] >= RESEND_NANOS) {
            sentAt[0] = System.nanoTime();
            send(to.id, Lane.CONTROL, text);
          }
          return to.got(text);
        });
  }

  /** Makes the receiver hang in its next frame, and returns when it does. */
  void hang(TestNode sender) {
    Gate shut = new Gate();
    gate = shut;
    Await.within(
        patience,
        "the receiver hangs",
        () -> {
          sender.send(id, Lane.CONTROL, "hang");
          return shut.reached.getCount() == 0;
        });
  }

  /** Lets the receiver return. */
  void goOn() {
    Gate shut = gate;
    gate = null;
    if (shut != null) {
      shut.opened.countDown();
    }
  }

  @Override
  public void close() {
    goOn();
    transport.close();
  }
}
