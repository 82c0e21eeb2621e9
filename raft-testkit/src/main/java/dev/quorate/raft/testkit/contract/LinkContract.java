package dev.quorate.raft.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quorate.raft.api.Address;
import dev.quorate.raft.api.transport.Lane;
import dev.quorate.raft.api.transport.Link;
import dev.quorate.raft.testkit.internal.tests.Await;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What {@link Link} promises, as tests that every transport over TCP passes that serves clients
 * outside the cluster. A test class extends this one beside {@link SocketTransportContract} and
 * names its provider.
 *
 * <p>The cases expect of the default settings that an end which hears nothing gives the other up
 * within ten seconds, and keeps not more than 64 MiB for it.
 */
@Timeout(value = 90, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
public abstract class LinkContract extends LinkFixture {

  private static final int MANY = 2_000;
  private static final long MOST_KEPT_BYTES = 64L * 1024 * 1024;
  private static final Duration SILENCE = Duration.ofSeconds(10);

  /** For subclasses, whose instances the test engine makes. */
  protected LinkContract() {}

  @Test
  void framesGoBothWays() throws IOException {
    ClientNode node = clientNode();
    TestLink client = open(node);
    TestLink served = node.only();
    assertTrue(client.send("a question"));
    await("the question", () -> served.got("a question"));
    assertTrue(served.send("an answer"));
    await("the answer", () -> client.got("an answer"));
    assertEquals(1, client.openings());
    assertEquals(0, served.openings(), "an end that was accepted is open already");
    assertFalse(client.link().remote().isBlank());
    assertFalse(served.link().remote().isBlank());
  }

  @Test
  void whatIsTakenArrivesOnceAndInItsOrder() throws IOException {
    ClientNode node = clientNode();
    TestLink client = open(node);
    TestLink served = node.only();
    List<String> sent = new ArrayList<>();
    for (int i = 0; i < MANY; i++) {
      String text = "frame " + i;
      sent.add(text);
      await("room for " + text, () -> client.send(Lane.BULK, text));
      await("room for the answer " + text, () -> served.send(Lane.BULK, text));
    }
    await("all frames", () -> served.received().size() >= MANY);
    await("all answers", () -> client.received().size() >= MANY);
    assertEquals(sent, served.texts());
    assertEquals(sent, client.texts());
  }

  @Test
  void framesOfEveryLengthArriveWhole() throws IOException {
    ClientNode node = clientNode();
    TestLink client = open(node);
    TestLink served = node.only();
    Random random = new Random(1);
    List<byte[]> sent = new ArrayList<>();
    for (int length : new int[] {1, 2, 255, 256, 65_535, 65_536, MAX_FRAME_BYTES}) {
      byte[] bytes = new byte[length];
      random.nextBytes(bytes);
      sent.add(bytes);
      ByteBuffer frame = ByteBuffer.wrap(bytes);
      await("room for " + length, () -> client.link().send(Lane.BULK, frame));
      assertEquals(length, frame.remaining(), "the sender's buffer was moved");
      await("room for an answer", () -> served.link().send(Lane.BULK, frame));
    }
    for (TestLink end : List.of(client, served)) {
      await("all lengths", () -> end.received().size() == sent.size());
      for (int i = 0; i < sent.size(); i++) {
        assertArrayEquals(sent.get(i), end.received().get(i));
      }
    }
  }

  @Test
  void anEmptyOrOversizedFrameIsRefusedAtTheSender() throws IOException {
    ClientNode node = clientNode();
    TestLink client = open(node);
    for (TestLink end : List.of(client, node.only())) {
      for (int length : new int[] {0, MAX_FRAME_BYTES + 1}) {
        assertThrows(
            IllegalArgumentException.class,
            () -> end.link().send(Lane.BULK, ByteBuffer.allocate(length)));
      }
    }
    assertTrue(client.send("it goes on"));
    await("a frame after those", () -> node.only().got("it goes on"));
  }

  @Test
  void whereNobodyListensItEndsWithoutHavingOpened() {
    TestLink client = connect(unusedAddress());
    assertFalse(client.send("too early"));
    await("the end", client::isEnded);
    assertEquals(0, client.openings());
    assertEndedOnce(client);
    assertFalse(client.send("too late"));
  }

  @Test
  void aNodeOfAnotherClusterRefusesIt() throws IOException {
    ClientNode node = clientNode(context("other", N1, anyPort()));
    TestLink client = connect(node.address());
    await("the end", client::isEnded);
    assertEquals(0, client.openings());
    assertEquals(List.of(), node.links());
  }

  @Test
  void aNodeThatServesNoClientsEndsIt() throws IOException {
    ClientNode node = clientNode();
    node.servesNobody();
    TestLink client = connect(node.address());
    await("the end", client::isEnded);
    assertEndedOnce(client);
  }

  @Test
  void bothEndsHearOnceThatOneHasClosedIt() throws IOException {
    ClientNode node = clientNode();
    for (boolean byClient : new boolean[] {true, false}) {
      TestLink client = open(node);
      TestLink served = node.last();
      TestLink closing = byClient ? client : served;
      closing.link().close();
      closing.link().close();
      for (TestLink end : List.of(client, served)) {
        await("the end", end::isEnded);
        assertFalse(end.send("too late"));
      }
      Await.pass(WHILE);
      assertEndedOnce(client);
      assertEndedOnce(served);
    }
  }

  @Test
  void whatWasTakenBeforeTheOtherEndClosedIsNotHeardBehindTheEnd() throws IOException {
    ClientNode node = clientNode();
    for (int round = 0; round < 20; round++) {
      TestLink client = open(node);
      TestLink served = node.last();
      for (int i = 0; i < 100; i++) {
        served.send(Lane.BULK, "frame " + i);
      }
      client.link().close();
      await("the end", client::isEnded);
      await("the other end", served::isEnded);
      assertEquals(0, client.heardAfterTheEnd());
      assertEquals(0, served.heardAfterTheEnd());
    }
  }

  @Test
  void aNodeThatEndsTakesItsLinksWithIt() throws IOException {
    ClientNode node = clientNode();
    TestLink client = open(node);
    TestLink served = node.only();
    node.close();
    assertTrue(served.isEnded(), "the node's end must be told before close() returns");
    await("the client's end", client::isEnded);
    assertEndedOnce(client);
    assertEndedOnce(served);
  }

  @Test
  void aClientThatEndsTakesAllItsLinksWithIt() throws IOException {
    ClientNode node = clientNode();
    List<TestLink> ends = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      ends.add(open(node));
    }
    client().close();
    for (TestLink end : ends) {
      assertTrue(end.isEnded(), "the client's ends must be told before close() returns");
    }
    ends.addAll(node.links());
    for (TestLink end : ends) {
      await("the end", end::isEnded);
      assertEndedOnce(end);
    }
  }

  @Test
  void linksEndByThemselves() throws IOException {
    ClientNode node = clientNode();
    TestLink one = open(node);
    TestLink served = node.only();
    TestLink two = open(node);
    one.link().close();
    await("the end of one", served::isEnded);
    assertTrue(two.send("still here"));
    await("a frame on the other", () -> node.last().got("still here"));
    assertTrue(two.isOpen());
  }

  @Test
  void aListenerMayCloseItsLink() throws IOException {
    ClientNode node = clientNode();
    TestLink client = open(node);
    TestLink served = node.only();
    served.reacts(text -> served.link().close());
    assertTrue(client.send("close yourself"));
    await("the node's end", served::isEnded);
    await("the client's end", client::isEnded);
    assertEndedOnce(served);
  }

  @Test
  void aListenerThatThrowsHearsTheNextFrame() throws IOException {
    ClientNode node = clientNode();
    TestLink client = open(node);
    TestLink served = node.only();
    served.reacts(
        text -> {
          if (text.equals("throw")) {
            throw new IllegalStateException("a listener's own fault");
          }
        });
    assertTrue(client.send("throw"));
    assertTrue(client.send("and then"));
    await("the next frame", () -> served.got("and then"));
  }

  @Test
  void anIdleLinkStays() throws IOException {
    ClientNode node = clientNode();
    TestLink client = open(node);
    Await.pass(Duration.ofSeconds(4));
    assertTrue(client.isOpen(), () -> "it ended: " + client.endings());
    assertTrue(client.send("after a silence"));
    await("a frame after a silence", () -> node.only().got("after a silence"));
  }

  @Test
  void aConnectionThatBreaksIsAnEndAtBothEnds() throws IOException {
    ClientNode node = clientNode();
    Proxy proxy = closing(new Proxy(node.address()));
    TestLink client = open(node, proxy.address());
    proxy.close();
    await("the client's end", client::isEnded);
    await("the node's end", node.only()::isEnded);
    assertEndedOnce(client);
    assertEndedOnce(node.only());
  }

  @Test
  void whoIsSilentIsGivenUpAtBothEnds() throws IOException {
    ClientNode node = clientNode();
    Proxy proxy = closing(new Proxy(node.address()));
    TestLink client = open(node, proxy.address());
    TestLink served = node.only();
    proxy.stallPresent();
    Await.within(SILENCE, "the client's end", client::isEnded);
    Await.within(SILENCE, "the node's end", served::isEnded);
    assertEndedOnce(client);
    assertEndedOnce(served);
  }

  @Test
  void aNodeThatAcceptsAndSaysNothingIsGivenUp() throws IOException {
    ClientNode node = clientNode();
    Proxy proxy = closing(new Proxy(node.address()));
    proxy.stallAll();
    TestLink client = connect(proxy.address());
    Await.within(SILENCE, "the end", client::isEnded);
    assertEquals(0, client.openings());
    assertEndedOnce(client);
  }

  @Test
  void whatWaitsForWhoTakesNothingIsBoundedAndNobodyBlocks() throws IOException {
    ClientNode node = clientNode();
    Proxy proxy = closing(new Proxy(node.address()));
    TestLink client = open(node, proxy.address());
    TestLink other = open(node);
    proxy.stallPresent();
    byte[] bulk = new byte[MAX_FRAME_BYTES];
    long taken = 0;
    while (taken <= MOST_KEPT_BYTES && client.link().send(Lane.BULK, ByteBuffer.wrap(bulk))) {
      taken += bulk.length;
    }
    assertTrue(taken <= MOST_KEPT_BYTES, taken + " bytes were taken for nobody");
    assertTrue(other.send("alive"));
    await("a frame on another link", () -> node.last().got("alive"));
    await("the end", client::isEnded);
  }

  private static void assertEndedOnce(TestLink end) {
    assertEquals(1, end.endings().size(), () -> "ends that were told: " + end.endings());
    assertFalse(end.endings().get(0).isBlank());
    assertEquals(0, end.heardAfterTheEnd());
  }

  private TestLink open(ClientNode node) {
    return open(node, node.address());
  }

  private TestLink open(ClientNode node, Address at) {
    int before = node.links().size();
    TestLink client = connect(at);
    await("the link opens", () -> client.isOpen() && node.links().size() == before + 1);
    return client;
  }
}
