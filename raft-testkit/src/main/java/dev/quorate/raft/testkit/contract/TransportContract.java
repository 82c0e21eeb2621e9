package dev.quorate.raft.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.quorate.raft.api.Address;
import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.transport.Lane;
import dev.quorate.raft.testkit.internal.tests.Await;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What {@link dev.quorate.raft.api.transport} promises, as tests that every transport passes. A
 * test class that extends this one and names its provider has all of them:
 *
 * <pre>{@code
 * class MyTransportContractTest extends TransportContract {
 *   @Override
 *   protected TransportProvider provider() {
 *     return new MyTransportProvider();
 *   }
 * }
 * }</pre>
 *
 * <p>The cases bind {@code 127.0.0.1} and expect of the default settings that not more than 64 MiB
 * are kept for one peer. A transport over TCP extends {@link SocketTransportContract}.
 */
@Timeout(value = 90, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
public abstract class TransportContract extends TransportDeliveryCases {

  /** For subclasses, whose instances the test engine makes. */
  protected TransportContract() {}

  @Test
  void aNodeThatNobodyNamedIsHeard() throws IOException {
    TestNode a = node(N1);
    TestNode b = node(N2);
    a.peer(b);
    a.sendUntilReceived(b, "who am I");
    assertEquals(N1, b.received().get(0).from());
  }

  @Test
  void anotherClusterIsNotHeard() throws IOException {
    TestNode stranger = node(context("other", N1, anyPort()));
    TestNode b = node(N2);
    stranger.peer(b);
    b.peer(stranger);
    sendForAWhile(stranger, N2);
    sendForAWhile(b, N1);
    TestNode a = node(N3);
    a.peer(b);
    a.sendUntilReceived(b, "of the same cluster");
    assertFalse(b.got("again and again"));
    assertFalse(stranger.got("again and again"));
  }

  @Test
  void aFrameForOneNodeIsNotDeliveredToAnother() throws IOException {
    TestNode a = node(N1);
    TestNode b = node(N2);
    a.peer(N3, b.address());
    sendForAWhile(a, N3);
    a.peer(b);
    a.sendUntilReceived(b, "for n2");
    assertFalse(b.got("again and again"));
  }

  private static void sendForAWhile(TestNode from, NodeId to) {
    for (int i = 0; i < 20; i++) {
      from.send(to, Lane.CONTROL, "again and again");
      Await.pass(WHILE.dividedBy(10));
    }
  }

  @Test
  void anAddressThatChangedIsFollowed() throws IOException {
    TestNode a = node(N1);
    TestNode b = node(N2);
    a.peer(b);
    a.sendUntilReceived(b, "here");
    TestNode moved = node(N2);
    a.peer(moved);
    a.sendUntilReceived(moved, "there");
    assertFalse(b.got("there"));
  }

  @Test
  void aPeerThatIsNoLongerNamedGetsNothing() throws IOException {
    TestNode a = node(N1);
    TestNode b = node(N2);
    TestNode c = node(N3);
    a.transport().setPeers(Map.of(N2, b.address(), N3, c.address()));
    a.sendUntilReceived(b, "named");
    a.sendUntilReceived(c, "named");
    a.peer(c);
    a.send(N2, Lane.CONTROL, "unnamed");
    a.sendUntilReceived(c, "still named");
    a.transport().setPeers(Map.of(N2, b.address(), N3, c.address()));
    a.sendUntilReceived(b, "named again");
    assertFalse(b.got("unnamed"));
  }

  @Test
  void theMapOfPeersIsCopied() throws IOException {
    TestNode a = node(N1);
    TestNode b = node(N2);
    Map<NodeId, Address> peers = new HashMap<>(Map.of(N2, b.address()));
    a.transport().setPeers(peers);
    peers.put(N2, unusedAddress());
    a.sendUntilReceived(b, "at the old address");
    peers.clear();
    a.sendUntilReceived(b, "there still");
  }

  @Test
  void aPeerThatComesLaterIsReached() throws IOException {
    Address later = unusedAddress();
    TestNode a = node(N1);
    a.peer(N2, later);
    sendForAWhile(a, N2);
    a.sendUntilReceived(node(N2, later), "at last");
  }

  @Test
  void aPeerThatRestartsIsReachedAgain() throws IOException {
    Address fixed = unusedAddress();
    TestNode a = node(N1);
    a.peer(N2, fixed);
    for (int life = 1; life <= 3; life++) {
      try (TestNode b = node(N2, fixed)) {
        a.sendUntilReceived(b, "life " + life);
        b.peer(a);
        b.sendUntilReceived(a, "in life " + life);
      }
      a.send(N2, Lane.CONTROL, "between two lives");
    }
  }

  /**
   * Whether the transport calls {@link dev.quorate.raft.api.transport.FrameReceiver#onPeerGone},
   * which it need not.
   *
   * @return {@code true} if the case about it shall insist
   */
  protected boolean tellsWhoIsGone() {
    return false;
  }

  @Test
  void onlyAPeerThatIsGoneIsCalledGone() throws IOException {
    List<TestNode> pair = pair();
    TestNode a = pair.get(0);
    TestNode b = pair.get(1);
    TestNode never = node(N3);
    never.peer(N2, unusedAddress());
    b.hang(a);
    sendForAWhile(a, N2);
    assertEquals(List.of(), a.gone());
    b.close();
    if (tellsWhoIsGone()) {
      await("the news that the peer is gone", () -> a.gone().contains(N2));
      assertEquals(List.of(N2), a.gone());
    }
    assertEquals(List.of(), never.gone(), "who was never there is not gone");
  }

  @Test
  void peersThatAreDeadOrHangDoNotDelayOthers() throws IOException {
    List<TestNode> pair = pair();
    TestNode a = pair.get(0);
    TestNode b = pair.get(1);
    TestNode hanging = node(N3);
    NodeId dead = NodeId.of("dead");
    a.transport().setPeers(Map.of(N2, b.address(), N3, hanging.address(), dead, unusedAddress()));
    a.sendUntilReceived(hanging, "go");
    hanging.hang(a);
    byte[] bulk = new byte[10_000];
    for (int i = 0; i < 300; i++) {
      a.transport().send(N3, Lane.BULK, ByteBuffer.wrap(bulk));
      a.transport().send(dead, Lane.BULK, ByteBuffer.wrap(bulk));
      a.send(N2, Lane.CONTROL, "alive " + i);
    }
    Await.within(Duration.ofSeconds(2), "frames to the living peer", () -> b.got("alive 299"));
    hanging.goOn();
  }

  @Test
  void manyNodesAllReachEachOther() throws IOException {
    List<TestNode> nodes = new ArrayList<>();
    Map<NodeId, Address> all = new HashMap<>();
    for (int i = 1; i <= 7; i++) {
      TestNode node = node(NodeId.of("node-" + i));
      nodes.add(node);
      all.put(node.id(), node.address());
    }
    for (TestNode node : nodes) {
      Map<NodeId, Address> others = new HashMap<>(all);
      others.remove(node.id());
      node.transport().setPeers(others);
    }
    for (TestNode from : nodes) {
      for (TestNode to : nodes) {
        if (from != to) {
          from.sendUntilReceived(to, "from " + from.id());
        }
      }
    }
    for (TestNode node : nodes) {
      for (TestNode.Received frame : node.received()) {
        assertEquals("from " + frame.from(), frame.text());
      }
    }
  }
}
