package dev.quorate.raft.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quorate.raft.api.Address;
import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.config.Settings;
import dev.quorate.raft.api.transport.Lane;
import dev.quorate.raft.api.transport.Transport;
import dev.quorate.raft.api.transport.TransportContext;
import dev.quorate.raft.testkit.internal.tests.Await;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * What is expected of a transport that holds TCP connections, besides what every transport
 * promises: that it keeps the order of a connection, and lives with networks that swallow packets
 * without a word. Some cases put a bad network in between.
 */
public abstract class SocketTransportContract extends TransportContract {

  /** For subclasses, whose instances the test engine makes. */
  protected SocketTransportContract() {}

  /**
   * Settings with which a peer that cannot be reached is dialled rarely.
   *
   * @return settings in which the pause between two attempts grows to a minute
   */
  protected abstract Settings redialsRarely();

  private Proxy proxy(TestNode target) throws IOException {
    return closing(new Proxy(target.address()));
  }

  @Test
  void aHostThatIsUnknownIsNamed() {
    Address nowhere = new Address("no-such-host.invalid", 1);
    Transport transport = create(context(CLUSTER, N1, nowhere));
    IOException refusal =
        assertThrows(IOException.class, () -> transport.start((from, frame) -> {}));
    assertTrue(refusal.getMessage().contains(nowhere.toString()), refusal.getMessage());
  }

  @Test
  void whatIsGivenWhileConnectingIsSent() throws IOException {
    TestNode a = node(N1);
    TestNode b = node(N2);
    a.peer(b);
    a.send(N2, Lane.CONTROL, "at once");
    await("a frame that was sent before the connection was there", () -> b.got("at once"));
  }

  @Test
  void aLaneKeepsTheOrderOfEachSender() throws Exception {
    List<TestNode> pair = pair();
    List<Thread> senders = new ArrayList<>();
    for (int s = 0; s < 4; s++) {
      String prefix = "s" + s + " ";
      Runnable work =
          () -> {
            for (int i = 0; i < 1_000; i++) {
              pair.get(0).send(N2, Lane.BULK, prefix + i);
            }
          };
      senders.add(new Thread(work));
    }
    senders.forEach(Thread::start);
    for (Thread sender : senders) {
      sender.join();
    }
    for (int s = 0; s < 4; s++) {
      String prefix = "s" + s + " ";
      await("the last frame of " + prefix, () -> pair.get(1).got(prefix + 999));
      List<String> expected = new ArrayList<>();
      for (int i = 0; i < 1_000; i++) {
        expected.add(prefix + i);
      }
      assertEquals(
          expected,
          pair.get(1).received().stream()
              .map(TestNode.Received::text)
              .filter(text -> text.startsWith(prefix))
              .toList());
    }
  }

  /**
   * Whether the transport calls {@link
   * dev.quorate.raft.api.transport.FrameReceiver#onConnectionLost}, which it need not.
   *
   * @return {@code true} if the case about it shall insist
   */
  protected boolean tellsWhatIsLost() {
    return false;
  }

  /** Both ends are told, since what was on its way is lost in both directions. */
  @Test
  void bothEndsHearOfAConnectionThatIsLost() throws IOException {
    TestNode a = node(N1);
    TestNode b = node(N2);
    Proxy proxy = proxy(b);
    a.peer(N2, proxy.address());
    a.sendUntilReceived(b, "go");
    assertEquals(List.of(), a.lost());
    assertEquals(List.of(), b.lost());
    proxy.breakPresent();
    a.sendUntilReceived(b, "through a new connection");
    if (tellsWhatIsLost()) {
      await("the news at the one end", () -> a.lost().equals(List.of(N2)));
      await("the news at the other end", () -> b.lost().equals(List.of(N1)));
      assertEquals(List.of(), a.gone());
    }
  }

  @Test
  void bothEndsHearOfAConnectionThatIsLeftForAnotherAddress() throws IOException {
    TestNode a = node(N1);
    TestNode b = node(N2);
    a.peer(N2, proxy(b).address());
    a.sendUntilReceived(b, "go");
    a.peer(N2, b.address());
    a.sendUntilReceived(b, "at another address");
    if (tellsWhatIsLost()) {
      await("the news at the one end", () -> a.lost().equals(List.of(N2)));
      await("the news at the other end", () -> b.lost().equals(List.of(N1)));
    }
  }

  @Test
  void aSlowPeerGetsUrgentFramesFirst() throws IOException {
    TestNode a = node(N1);
    TestNode b = node(N2);
    Proxy proxy = proxy(b);
    a.peer(N2, proxy.address());
    a.sendUntilReceived(b, "go");
    proxy.slowDown(4 * 1024 * 1024);
    byte[] bulk = new byte[32 * 1024];
    for (int i = 0; i < 200; i++) {
      a.transport().send(N2, Lane.BULK, ByteBuffer.wrap(bulk));
    }
    a.send(N2, Lane.CONTROL, "urgent");
    await("the urgent frame", () -> b.got("urgent"));
    long bulkBefore =
        b.received().stream()
            .takeWhile(frame -> !frame.text().equals("urgent"))
            .filter(frame -> frame.bytes().length == bulk.length)
            .count();
    assertTrue(bulkBefore < 100, bulkBefore + " of 200 came first");
    await("all bulk", () -> b.countOfLength(bulk.length) == 200);
  }

  @Test
  void addressesThatLeadNowhereDelayNobody() throws IOException {
    TestNode a = node(N1);
    TestNode b = node(N2);
    NodeId unroutable = NodeId.of("unroutable");
    NodeId nameless = NodeId.of("nameless");
    a.transport()
        .setPeers(
            Map.of(
                N2, b.address(),
                unroutable, new Address("192.0.2.1", 9),
                nameless, new Address("no-such-host.invalid", 9)));
    a.sendUntilReceived(b, "go");
    byte[] bulk = new byte[10_000];
    for (int i = 0; i < 300; i++) {
      a.transport().send(unroutable, Lane.BULK, ByteBuffer.wrap(bulk));
      a.transport().send(nameless, Lane.BULK, ByteBuffer.wrap(bulk));
      a.send(N2, Lane.CONTROL, "alive " + i);
    }
    Await.within(Duration.ofSeconds(2), "frames to the living peer", () -> b.got("alive 299"));
  }

  @Test
  void aConnectionThatMakesNoProgressIsReplaced() throws IOException {
    TestNode a = node(N1);
    TestNode b = node(N2);
    Proxy proxy = proxy(b);
    a.peer(N2, proxy.address());
    a.sendUntilReceived(b, "go");
    proxy.stallPresent();
    long start = System.nanoTime();
    a.sendUntilReceived(b, "through a new connection");
    assertShorter(Duration.ofSeconds(5), start);
  }

  @Test
  void aDeadConnectionIsFoundWithoutTraffic() throws IOException {
    TestNode a = node(N1);
    TestNode b = node(N2);
    Proxy proxy = proxy(b);
    a.peer(N2, proxy.address());
    a.sendUntilReceived(b, "go");
    proxy.stallPresent();
    Await.pass(Duration.ofMillis(3_500));
    a.send(N2, Lane.CONTROL, "first after the silence");
    await("the very first frame", () -> b.got("first after the silence"));
  }

  @Test
  void aSlowButLivingConnectionIsLeftAlone() throws IOException {
    TestNode a = node(N1);
    TestNode b = node(N2);
    Proxy proxy = proxy(b);
    a.peer(N2, proxy.address());
    a.sendUntilReceived(b, "go");
    proxy.slowDown(256 * 1024);
    a.transport().send(N2, Lane.BULK, ByteBuffer.wrap(new byte[MAX_FRAME_BYTES]));
    await(
        "a frame that takes longer than a dead connection is waited for",
        () -> b.countOfLength(MAX_FRAME_BYTES) == 1);
  }

  @Test
  void aRestartedPeerThatDialsIsReachedAtOnce() throws IOException {
    Address fixed = unusedAddress();
    TestNode a =
        node(new TransportContext(CLUSTER, N1, anyPort(), MAX_FRAME_BYTES, redialsRarely()));
    TestNode b = node(N2, fixed);
    a.peer(b);
    a.sendUntilReceived(b, "first life");
    b.close();
    // Long enough for the pauses between attempts to have grown to seconds.
    Await.pass(Duration.ofSeconds(4));
    TestNode again = node(N2, fixed);
    long start = System.nanoTime();
    again.peer(a);
    a.sendUntilReceived(again, "second life");
    assertShorter(Duration.ofMillis(1_500), start);
  }

  private static void assertShorter(Duration bound, long since) {
    Duration took = Duration.ofNanos(System.nanoTime() - since);
    assertTrue(took.compareTo(bound) < 0, "it took " + took);
  }
}
