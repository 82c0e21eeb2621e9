package dev.quorate.raft.transport.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quorate.raft.api.Address;
import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.config.Settings;
import dev.quorate.raft.api.transport.Lane;
import dev.quorate.raft.api.transport.Transport;
import dev.quorate.raft.api.transport.TransportContext;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The contract of {@link Transport}: what arrives and what does not, and its whole life cycle. */
@Timeout(value = 90, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
public abstract class TransportContract extends LifeCycleContract {
  private Proxy proxy(TestNode target) throws IOException {
    return closing(new Proxy(target.address()));
  }

  @Test
  void deliversBothWays() throws IOException {
    TestNode a = node(N1);
    TestNode b = node(N2);
    a.peer(b);
    b.peer(a);
    a.sendUntilReceived(b, "ping");
    b.sendUntilReceived(a, "pong");
    assertThat(b.received()).allMatch(frame -> frame.from().equals(N1));
    assertThat(a.received()).allMatch(frame -> frame.from().equals(N2));
  }

  @Test
  void sendsWhatWasGivenWhileConnecting() throws IOException {
    TestNode a = node(N1);
    TestNode b = node(N2);
    a.peer(b);
    a.send(N2, Lane.CONTROL, "at once");
    Await.until("a frame that was sent before the connection was there", () -> b.got("at once"));
  }

  @Test
  void deliversFramesOfNodesThatAreNotNamed() throws IOException {
    TestNode a = node(N1);
    TestNode b = node(N2);
    a.peer(b);
    a.sendUntilReceived(b, "who am I");
  }

  @Test
  void dropsFramesToUnknownPeers() throws IOException {
    TestNode a = node(N1);
    a.send(N3, Lane.BULK, "nobody");
    assertThat(a.received()).isEmpty();
  }

  @Test
  void keepsTheOrderWithinALane() throws IOException {
    TestNode a = node(N1);
    TestNode b = node(N2);
    a.peer(b);
    a.sendUntilReceived(b, "go");
    int before = b.received().size();
    for (int i = 0; i < 5_000; i++) {
      a.send(N2, Lane.BULK, "frame " + i);
    }
    Await.until("all frames", () -> b.got("frame 4999"));
    List<String> texts =
        b.received().stream()
            .skip(before)
            .map(TestNode.Received::text)
            .filter(text -> text.startsWith("frame "))
            .toList();
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < 5_000; i++) {
      expected.add("frame " + i);
    }
    assertThat(texts).isEqualTo(expected);
  }

  @Test
  void keepsTheOrderOfEachOfManySenders() throws Exception {
    TestNode a = node(N1);
    TestNode b = node(N2);
    a.peer(b);
    a.sendUntilReceived(b, "go");
    List<Thread> senders = new ArrayList<>();
    for (int s = 0; s < 4; s++) {
      String prefix = "s" + s + " ";
      Thread sender =
          new Thread(
              () -> {
                for (int i = 0; i < 1_000; i++) {
                  a.send(N2, Lane.BULK, prefix + i);
                }
              });
      senders.add(sender);
      sender.start();
    }
    for (Thread sender : senders) {
      sender.join();
    }
    for (int s = 0; s < 4; s++) {
      String prefix = "s" + s + " ";
      Await.until("the last frame of " + prefix, () -> b.got(prefix + 999));
      List<String> numbers =
          b.received().stream()
              .map(TestNode.Received::text)
              .filter(text -> text.startsWith(prefix))
              .map(text -> text.substring(prefix.length()))
              .toList();
      assertThat(numbers).hasSize(1_000);
      assertThat(numbers)
          .isSortedAccordingTo((x, y) -> Integer.valueOf(x).compareTo(Integer.valueOf(y)));
    }
  }

  @Test
  void carriesLongFramesUnchanged() throws IOException {
    TestNode a = node(N1);
    TestNode b = node(N2);
    a.peer(b);
    a.sendUntilReceived(b, "go");
    byte[] bytes = new byte[MAX_FRAME_BYTES];
    new Random(7).nextBytes(bytes);
    ByteBuffer direct =
        ByteBuffer.allocateDirect(3 + bytes.length).put(new byte[3]).put(bytes).flip();
    direct.position(3);
    a.transport().send(N2, Lane.BULK, ByteBuffer.wrap(bytes));
    a.transport().send(N2, Lane.BULK, direct);
    a.transport().send(N2, Lane.BULK, ByteBuffer.wrap(bytes).asReadOnlyBuffer());
    assertThat(direct.position()).isEqualTo(3);
    assertThat(direct.remaining()).isEqualTo(bytes.length);
    Await.until(
        "three long frames",
        () -> b.received().stream().filter(f -> f.bytes().length == bytes.length).count() == 3);
    assertThat(b.received())
        .filteredOn(f -> f.bytes().length == bytes.length)
        .allSatisfy(frame -> assertThat(frame.bytes()).isEqualTo(bytes));
  }

  @Test
  void refusesFramesThatAreEmptyOrTooLong() throws IOException {
    TestNode a = node(N1);
    assertThatThrownBy(() -> a.transport().send(N2, Lane.BULK, ByteBuffer.allocate(0)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(
            () -> a.transport().send(N2, Lane.BULK, ByteBuffer.allocate(MAX_FRAME_BYTES + 1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(String.valueOf(MAX_FRAME_BYTES));
  }

  @Test
  void sendsControlBeforeBulkToASlowPeer() throws IOException {
    TestNode a = node(N1);
    TestNode b = node(N2);
    Proxy proxy = proxy(b);
    a.transport().setPeers(Map.of(N2, proxy.address()));
    a.sendUntilReceived(b, "go");
    proxy.slowDown(4 * 1024 * 1024);
    byte[] bulk = new byte[32 * 1024];
    for (int i = 0; i < 200; i++) {
      a.transport().send(N2, Lane.BULK, ByteBuffer.wrap(bulk));
    }
    a.send(N2, Lane.CONTROL, "urgent");
    Await.until("the urgent frame", () -> b.got("urgent"));
    long bulkBefore =
        b.received().stream()
            .takeWhile(frame -> !frame.text().equals("urgent"))
            .filter(frame -> frame.bytes().length == bulk.length)
            .count();
    assertThat(bulkBefore).isLessThan(100);
    Await.until(
        "all bulk", () -> b.received().stream().filter(f -> f.bytes().length > 99).count() == 200);
  }

  @Test
  void isNotDelayedByPeersThatAreDeadOrUnreachable() throws IOException {
    TestNode a = node(N1);
    TestNode b = node(N2);
    int freePort;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      freePort = socket.getLocalPort();
    }
    NodeId gone = NodeId.of("gone");
    NodeId nameless = NodeId.of("nameless");
    a.transport()
        .setPeers(
            Map.of(
                N2, b.address(),
                N3, new Address("127.0.0.1", freePort),
                gone, new Address("192.0.2.1", 9),
                nameless, new Address("no-such-host.invalid", 9)));
    a.sendUntilReceived(b, "go");
    byte[] bulk = new byte[10_000];
    for (int i = 0; i < 300; i++) {
      for (NodeId dead : List.of(N3, gone, nameless)) {
        a.transport().send(dead, Lane.BULK, ByteBuffer.wrap(bulk));
      }
      a.send(N2, Lane.CONTROL, "alive " + i);
    }
    Await.within(Duration.ofSeconds(2), "frames to the living peer", () -> b.got("alive 299"));
  }

  @Test
  void neitherBlocksNorKeepsAllForAPeerThatTakesNothing() throws IOException {
    TestNode a = node(N1);
    TestNode b = node(N2);
    Proxy proxy = proxy(b);
    a.transport().setPeers(Map.of(N2, proxy.address()));
    a.sendUntilReceived(b, "go");
    proxy.stallAll();
    int frames = 400;
    int size = 256 * 1024;
    List<WeakReference<byte[]>> sent = new ArrayList<>();
    long longest = 0;
    for (int i = 0; i < frames; i++) {
      byte[] bytes = new byte[size];
      sent.add(new WeakReference<>(bytes));
      long start = System.nanoTime();
      a.transport().send(N2, Lane.BULK, ByteBuffer.wrap(bytes));
      longest = Math.max(longest, System.nanoTime() - start);
    }
    assertThat(Duration.ofNanos(longest)).isLessThan(Duration.ofSeconds(1));
    System.gc();
    long kept = sent.stream().filter(reference -> reference.get() != null).count();
    assertThat(kept * size).isLessThan(20L * 1024 * 1024);
  }

  @Test
  void replacesAConnectionThatMakesNoProgress() throws IOException {
    TestNode a = node(N1);
    TestNode b = node(N2);
    Proxy proxy = proxy(b);
    a.transport().setPeers(Map.of(N2, proxy.address()));
    a.sendUntilReceived(b, "go");
    proxy.stallPresent();
    long start = System.nanoTime();
    a.sendUntilReceived(b, "through a new connection");
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
  }

  @Test
  void findsOutWithoutTrafficThatAConnectionIsDead() throws IOException {
    TestNode a = node(N1);
    TestNode b = node(N2);
    Proxy proxy = proxy(b);
    a.transport().setPeers(Map.of(N2, proxy.address()));
    a.sendUntilReceived(b, "go");
    proxy.stallPresent();
    Await.pass(Duration.ofMillis(3_500));
    a.send(N2, Lane.CONTROL, "first after the silence");
    Await.until("the very first frame", () -> b.got("first after the silence"));
  }

  @Test
  void leavesASlowButLivingConnectionAlone() throws IOException {
    TestNode a = node(N1);
    TestNode b = node(N2);
    Proxy proxy = proxy(b);
    a.transport().setPeers(Map.of(N2, proxy.address()));
    a.sendUntilReceived(b, "go");
    proxy.slowDown(256 * 1024);
    byte[] bytes = new byte[MAX_FRAME_BYTES];
    bytes[0] = 1;
    a.transport().send(N2, Lane.BULK, ByteBuffer.wrap(bytes));
    Await.until(
        "a frame that takes longer than the stall timeout",
        () -> b.received().stream().anyMatch(frame -> frame.bytes().length == bytes.length));
  }

  @Test
  void reachesARestartedPeerAsSoonAsThatDials() throws IOException {
    Settings settings =
        Settings.empty().with("raft.transport." + name() + ".reconnect-backoff-max", "1m");
    TestNode a =
        node(new TransportContext("c", N1, new Address("127.0.0.1", 0), MAX_FRAME_BYTES, settings));
    TestNode b = node(N2);
    int port = b.address().port();
    a.peer(b);
    a.sendUntilReceived(b, "first life");
    b.close();
    // Long enough for the pauses between attempts to have grown to seconds.
    Await.pass(Duration.ofSeconds(4));
    TestNode again = node(context("c", N2, port));
    long start = System.nanoTime();
    again.peer(a);
    a.sendUntilReceived(again, "second life");
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMillis(1500));
  }

  @Test
  void reachesARestartedPeerThatDialsNobody() throws IOException {
    TestNode a = node(N1);
    TestNode b = node(N2);
    int port = b.address().port();
    a.peer(b);
    a.sendUntilReceived(b, "first life");
    b.close();
    a.send(N2, Lane.CONTROL, "into the void");
    TestNode again = node(context("c", N2, port));
    a.sendUntilReceived(again, "second life");
    assertThat(again.got("first life")).isFalse();
  }

  @Test
  void followsAnAddressThatChanged() throws IOException {
    TestNode a = node(N1);
    TestNode b = node(N2);
    a.peer(b);
    a.sendUntilReceived(b, "here");
    TestNode moved = node(N2);
    a.peer(moved);
    a.sendUntilReceived(moved, "there");
    assertThat(b.got("there")).isFalse();
  }

  @Test
  void closesConnectionsToPeersThatAreNoLongerNamed() throws IOException {
    TestNode a = node(N1);
    TestNode b = node(N2);
    a.peer(b);
    a.sendUntilReceived(b, "named");
    a.transport().setPeers(Map.of());
    a.send(N2, Lane.CONTROL, "unnamed");
    a.peer(b);
    a.sendUntilReceived(b, "named again");
    assertThat(b.got("unnamed")).isFalse();
  }

  @Test
  void refusesAnotherCluster() throws IOException {
    TestNode stranger = node(context("other", N1, 0));
    TestNode b = node(N2);
    stranger.peer(b);
    long end = System.nanoTime() + Duration.ofSeconds(2).toNanos();
    Await.until(
        "two seconds of attempts",
        () -> {
          stranger.send(N2, Lane.CONTROL, "let me in");
          return System.nanoTime() - end >= 0;
        });
    assertThat(b.received()).isEmpty();
    assertThat(b.log().linesWith("WARNING")).singleElement().asString().contains("cluster 'other'");
    assertThat(stranger.log().linesWith("this is cluster 'c'")).hasSize(1);
  }

  @Test
  void refusesADiallerThatWantsAnotherNode() throws IOException {
    TestNode a = node(N1);
    TestNode b = node(N2);
    a.transport().setPeers(Map.of(N3, b.address()));
    Await.until(
        "the refusal",
        () -> {
          a.send(N3, Lane.CONTROL, "for n3");
          return !a.log().linesWith("this is node 'n2'").isEmpty();
        });
    Await.pass(Duration.ofMillis(500));
    assertThat(b.received()).isEmpty();
    assertThat(b.log().linesWith("WARNING")).singleElement().asString().contains("'n3'");
  }

  @Test
  void goesOnAfterAReceiverFailed() throws IOException {
    CountDownLatch delivered = new CountDownLatch(2);
    Transport b = closing(create(context("c", N2, 0), new RecordingLogger()));
    Address address =
        b.start(
            (from, frame) -> {
              delivered.countDown();
              throw new IllegalStateException("a fault of the receiver");
            });
    TestNode a = node(N1);
    a.transport().setPeers(Map.of(N2, address));
    Await.until(
        "two frames",
        () -> {
          a.send(N2, Lane.CONTROL, "x");
          return delivered.getCount() == 0;
        });
  }

  @Test
  void isNotHurtByInterruptedSenders() throws IOException {
    TestNode a = node(N1);
    TestNode b = node(N2);
    a.peer(b);
    a.sendUntilReceived(b, "go");
    Thread.currentThread().interrupt();
    a.send(N2, Lane.CONTROL, "interrupted");
    assertThat(Thread.interrupted()).isTrue();
    Await.until("the frame", () -> b.got("interrupted"));
    a.send(N2, Lane.CONTROL, "after it");
    Await.until("a frame over the same connection", () -> b.got("after it"));
    assertThat(a.log().linesWith("n2")).isEmpty();
  }
}
