package dev.quorate.raft.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.quorate.raft.api.Address;
import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.transport.Lane;
import dev.quorate.raft.api.transport.Transport;
import dev.quorate.raft.testkit.internal.tests.Await;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** What becomes of a frame between the sender's hand and the receiver's. */
abstract class TransportDeliveryCases extends TransportLifeCycleCases {

  /** More than any transport keeps for one peer, with what the system below it buffers. */
  private static final long TOO_MUCH_BYTES = 64L << 20;

  private final Random random = new Random(7);

  @Test
  void framesGoBothWaysAndNameTheirSender() throws IOException {
    List<TestNode> pair = pair();
    for (TestNode.Received frame : pair.get(0).received()) {
      assertEquals(N2, frame.from());
    }
    for (TestNode.Received frame : pair.get(1).received()) {
      assertEquals(N1, frame.from());
    }
  }

  @Test
  void framesOfEveryLengthArriveWhole() throws IOException {
    List<TestNode> pair = pair();
    for (int length : new int[] {1, 2, 3, 1_023, 65_535, 65_536, 65_537, MAX_FRAME_BYTES}) {
      byte[] bytes = new byte[length];
      random.nextBytes(bytes);
      for (Lane lane : Lane.values()) {
        long before = pair.get(1).countOfLength(length);
        pair.get(0).transport().send(N2, lane, ByteBuffer.wrap(bytes));
        await(length + " bytes", () -> pair.get(1).countOfLength(length) > before);
      }
      for (TestNode.Received frame : pair.get(1).received()) {
        if (frame.bytes().length == length) {
          assertArrayEquals(bytes, frame.bytes());
        }
      }
    }
  }

  @Test
  void theSendersBufferIsReadWhereItStandsAndNotMoved() throws IOException {
    List<TestNode> pair = pair();
    byte[] bytes = new byte[3_000];
    random.nextBytes(bytes);
    byte[] middle = new byte[1_000];
    System.arraycopy(bytes, 1_000, middle, 0, 1_000);
    List<ByteBuffer> views =
        List.of(
            ByteBuffer.wrap(bytes),
            ByteBuffer.wrap(bytes).asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN),
            ByteBuffer.allocateDirect(bytes.length).put(0, bytes));
    for (ByteBuffer view : views) {
      view.position(1_000).limit(2_000);
      pair.get(0).transport().send(N2, Lane.BULK, view);
      assertEquals(1_000, view.position());
      assertEquals(2_000, view.limit());
    }
    await("frames after both", () -> pair.get(1).countOfLength(1_000) >= 3);
    for (TestNode.Received frame : pair.get(1).received()) {
      if (frame.bytes().length == 1_000) {
        assertArrayEquals(middle, frame.bytes());
      }
    }
  }

  @Test
  void aFrameIsHandedOutInNetworkOrderAndNeverTouchedAgain() throws IOException {
    List<ByteBuffer> kept = new CopyOnWriteArrayList<>();
    Transport b = create(N2);
    Address address = b.start((from, frame) -> kept.add(frame));
    TestNode a = node(N1);
    a.peer(N2, address);
    await(
        "a first frame",
        () -> {
          a.transport().send(N2, Lane.CONTROL, numbers(0));
          return !kept.isEmpty();
        });
    for (int i = 1; i <= 1_000; i++) {
      a.transport().send(N2, Lane.BULK, numbers(i).order(ByteOrder.LITTLE_ENDIAN));
    }
    // Distinct ones are counted: several of the first may still be under way.
    await(
        "all frames",
        () -> kept.stream().map(f -> f.getInt(f.position())).distinct().count() == 1_001);
    for (ByteBuffer frame : kept) {
      assertEquals(ByteOrder.BIG_ENDIAN, frame.order());
      assertEquals(400, frame.remaining());
      assertEquals(numbers(frame.getInt(frame.position())), frame);
    }
  }

  /** A hundred times the same number. */
  private static ByteBuffer numbers(int number) {
    ByteBuffer bytes = ByteBuffer.allocate(400);
    while (bytes.hasRemaining()) {
      bytes.putInt(number);
    }
    return bytes.flip();
  }

  @Test
  void anEmptyOrOversizedFrameIsRefusedAtTheSender() throws IOException {
    List<TestNode> pair = pair();
    TestNode a = pair.get(0);
    for (NodeId to : List.of(N2, N3)) {
      for (int length : new int[] {0, MAX_FRAME_BYTES + 1}) {
        ByteBuffer frame = ByteBuffer.allocate(length);
        assertThrows(
            IllegalArgumentException.class, () -> a.transport().send(to, Lane.BULK, frame));
      }
    }
    a.sendUntilReceived(pair.get(1), "unharmed");
    assertEquals(0, pair.get(1).countOfLength(MAX_FRAME_BYTES + 1));
  }

  @Test
  void framesToTheUnknownAndToOneselfAreDropped() throws IOException {
    List<TestNode> pair = pair();
    TestNode a = pair.get(0);
    assertDoesNotThrow(() -> a.send(N3, Lane.BULK, "nobody"));
    assertDoesNotThrow(() -> a.send(N1, Lane.CONTROL, "myself"));
    Await.pass(WHILE);
    a.sendUntilReceived(pair.get(1), "unharmed");
    // What made the pair known to each other may arrive once more.
    assertEquals(
        List.of(), a.received().stream().filter(frame -> !frame.text().equals("there.")).toList());
    assertFalse(pair.get(1).got("nobody"));
    assertFalse(pair.get(1).got("myself"));
  }

  @Test
  void aReceiverThatThrowsGetsTheNextFrame() throws IOException {
    AtomicLong delivered = new AtomicLong();
    Transport b = create(N2);
    Address address =
        b.start(
            (from, frame) -> {
              if (delivered.incrementAndGet() % 2 == 0) {
                throw new IllegalStateException("a fault of the receiver");
              }
              throw new AssertionError("an error of the receiver");
            });
    TestNode a = node(N1);
    a.peer(N2, address);
    await(
        "three frames",
        () -> {
          a.send(N2, Lane.CONTROL, "x");
          return delivered.get() >= 3;
        });
  }

  @Test
  void anInterruptedSenderHarmsNothing() throws IOException {
    List<TestNode> pair = pair();
    Thread.currentThread().interrupt();
    pair.get(0).send(N2, Lane.CONTROL, "interrupted");
    assertTrue(Thread.interrupted());
    await("the frame", () -> pair.get(1).got("interrupted"));
    pair.get(0).send(N2, Lane.CONTROL, "after it");
    await("the frame after it", () -> pair.get(1).got("after it"));
  }

  @Test
  void manyThreadsSendBothWaysAtOnce() throws Exception {
    List<TestNode> pair = pair();
    List<Thread> senders = new ArrayList<>();
    for (int s = 0; s < 8; s++) {
      int sender = s;
      TestNode from = pair.get(s % 2);
      NodeId to = pair.get(1 - s % 2).id();
      Lane lane = Lane.values()[s / 2 % 2];
      Runnable work =
          () -> {
            for (int i = 0; i < 250; i++) {
              from.send(to, lane, text(sender, i));
            }
          };
      senders.add(new Thread(work));
    }
    senders.forEach(Thread::start);
    for (Thread sender : senders) {
      sender.join();
    }
    for (int s = 0; s < 8; s++) {
      TestNode to = pair.get(1 - s % 2);
      String prefix = s + ":";
      await("all frames of sender " + prefix, () -> distinct(to, prefix).size() == 250);
      Set<String> sent = new TreeSet<>();
      for (int i = 0; i < 250; i++) {
        sent.add(text(s, i));
      }
      assertEquals(sent, distinct(to, prefix));
    }
  }

  private static String text(int sender, int number) {
    return sender + ":" + number + ":" + "x".repeat(number * 7 % 400);
  }

  private static Set<String> distinct(TestNode node, String prefix) {
    Set<String> texts = new TreeSet<>();
    for (TestNode.Received frame : node.received()) {
      if (frame.text().startsWith(prefix)) {
        texts.add(frame.text());
      }
    }
    return texts;
  }

  @Test
  void aPeerThatHangsNeitherBlocksItsSendersNorFillsTheirMemory() throws IOException {
    List<TestNode> pair = pair();
    TestNode a = pair.get(0);
    TestNode b = pair.get(1);
    byte[] bytes = new byte[256 * 1024];
    int frames = (int) (2 * TOO_MUCH_BYTES / bytes.length);
    b.hang(a);
    AtomicLong longest = new AtomicLong();
    Thread sender =
        new Thread(
            () -> {
              for (int i = 0; i < frames; i++) {
                long start = System.nanoTime();
                a.transport().send(N2, Lane.BULK, ByteBuffer.wrap(bytes));
                longest.accumulateAndGet(System.nanoTime() - start, Math::max);
              }
            });
    sender.setDaemon(true);
    sender.start();
    try {
      await("the sender is done", () -> !sender.isAlive());
    } finally {
      b.goOn();
    }
    Duration slowest = Duration.ofNanos(longest.get());
    assertTrue(slowest.compareTo(Duration.ofSeconds(1)) < 0, "a send took " + slowest);
    a.sendUntilReceived(b, "again");
    long kept = settled(b, bytes.length) * bytes.length;
    assertTrue(kept < TOO_MUCH_BYTES, kept + " bytes were kept for a peer that took nothing");
  }

  /** How many frames of a length have arrived when no more come. */
  private static long settled(TestNode node, int length) {
    long before = -1;
    for (long now = node.countOfLength(length); now != before; ) {
      before = now;
      Await.pass(WHILE);
      now = node.countOfLength(length);
    }
    return before;
  }

  /**
   * Urgent frames overtake bulk that waits. Where the transport gave the connection up meanwhile,
   * nothing waited and nothing was shown: then again.
   */
  @Test
  void urgentFramesGoFirst() throws IOException {
    List<TestNode> pair = pair();
    for (int attempt = 1; attempt <= 5; attempt++) {
      if (overtakes(pair.get(0), pair.get(1), "urgent " + attempt)) {
        return;
      }
    }
    fail("a CONTROL frame never arrived before the BULK frames that waited when it was sent");
  }

  private boolean overtakes(TestNode a, TestNode b, String urgent) {
    byte[] bulk = new byte[64 * 1024];
    b.hang(a);
    for (int i = 0; i < 256; i++) {
      a.transport().send(N2, Lane.BULK, ByteBuffer.wrap(bulk));
    }
    a.send(N2, Lane.CONTROL, urgent);
    b.goOn();
    boolean overtaken =
        Await.holdsWithin(
            patience().dividedBy(5),
            () ->
                b.received().stream()
                    .dropWhile(frame -> !frame.text().equals(urgent))
                    .anyMatch(frame -> frame.bytes().length == bulk.length));
    settled(b, bulk.length);
    return overtaken;
  }
}
