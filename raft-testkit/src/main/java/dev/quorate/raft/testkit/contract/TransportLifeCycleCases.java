package dev.quorate.raft.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.quorate.raft.api.Address;
import dev.quorate.raft.api.config.ConfigurationException;
import dev.quorate.raft.api.transport.Lane;
import dev.quorate.raft.api.transport.Transport;
import dev.quorate.raft.api.transport.TransportContext;
import dev.quorate.raft.testkit.internal.tests.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The beginning and the end of a transport: how it is named, configured, started and closed. */
abstract class TransportLifeCycleCases extends TransportFixture {

  /** Enough for one leak a round to stand out from what the JVM opens once. */
  private static final int ROUNDS = 20;

  @Test
  void theProviderHasAShortName() {
    String name = provider().name();
    assertTrue(name.matches("[a-z0-9]+"), name);
    assertEquals(name, provider().name());
  }

  @Test
  void aKeyOfItsOwnThatItDoesNotKnowIsRefused() {
    String key = "raft.transport." + provider().name() + ".no-such-key";
    ConfigurationException refusal =
        assertThrows(
            ConfigurationException.class, () -> closing(provider().create(contextWith(key))));
    assertTrue(refusal.getMessage().contains(key), refusal.getMessage());
  }

  @Test
  void keysOfOthersAreLeftAlone() {
    closing(provider().create(contextWith("raft.transport.another1.key")));
    closing(provider().create(contextWith("raft.storage." + provider().name() + ".key")));
  }

  private TransportContext contextWith(String key) {
    return new TransportContext(CLUSTER, N1, anyPort(), MAX_FRAME_BYTES, settings().with(key, "x"));
  }

  @Test
  void aPortThatTheSystemChoseIsTold() throws IOException {
    TestNode a = node(N1);
    TestNode b = node(N2);
    assertEquals(anyPort().host(), a.address().host());
    assertNotEquals(0, a.address().port());
    assertNotEquals(a.address(), b.address());
  }

  @Test
  void anAddressThatWasAskedForIsTaken() throws IOException {
    Address wanted = unusedAddress();
    assertEquals(wanted, node(N1, wanted).address());
  }

  @Test
  void anAddressThatIsInUseIsNamed() throws IOException {
    TestNode a = node(N1);
    Transport second = create(context(CLUSTER, N2, a.address()));
    IOException refusal = assertThrows(IOException.class, () -> second.start((from, frame) -> {}));
    assertTrue(refusal.getMessage().contains(a.address().toString()), refusal.getMessage());
    assertDoesNotThrow(second::close);
  }

  @Test
  void nothingIsOpenBeforeTheStart() throws IOException {
    Address address = unusedAddress();
    create(context(CLUSTER, N1, address));
    assertEquals(address, node(N2, address).address());
  }

  @Test
  void aTransportIsStartedOnce() throws IOException {
    TestNode a = node(N1);
    assertThrows(IllegalStateException.class, () -> a.transport().start((from, frame) -> {}));
    TestNode b = node(N2);
    b.peer(a);
    b.sendUntilReceived(a, "the first start holds");
  }

  @Test
  void aClosedTransportIsNotStarted() throws IOException {
    Transport unused = create(N1);
    unused.close();
    assertThrows(IllegalStateException.class, () -> unused.start((from, frame) -> {}));
    Transport used = node(N2).transport();
    used.close();
    assertThrows(IllegalStateException.class, () -> used.start((from, frame) -> {}));
  }

  @Test
  void peersThatWereNamedBeforeTheStartAreReached() throws IOException {
    TestNode b = node(N2);
    Transport a = create(N1);
    a.setPeers(Map.of(N2, b.address()));
    assertDoesNotThrow(() -> a.send(N2, Lane.BULK, frame("too early")));
    a.start((from, frame) -> {});
    await(
        "a frame after the start",
        () -> {
          a.send(N2, Lane.CONTROL, frame("started"));
          return b.got("started");
        });
  }

  @Test
  void closingTwiceOrWithoutAStartIsHarmless() throws IOException {
    Transport unused = create(N1);
    unused.close();
    unused.close();
    TestNode a = node(N2);
    a.close();
    a.close();
  }

  @Test
  void whatIsAskedOfAClosedTransportIsIgnored() throws IOException {
    List<TestNode> pair = pair();
    TestNode a = pair.get(0);
    a.close();
    assertDoesNotThrow(() -> a.send(N2, Lane.CONTROL, "into the void"));
    assertDoesNotThrow(() -> a.transport().setPeers(Map.of(N3, unusedAddress())));
    assertDoesNotThrow(() -> a.send(N3, Lane.BULK, "into the void"));
    Await.pass(WHILE);
    assertFalse(pair.get(1).got("into the void"));
  }

  @Test
  void nothingIsDeliveredAfterTheEnd() throws IOException {
    for (int round = 0; round < ROUNDS; round++) {
      TestNode a = node(N1);
      TestNode b = node(N2);
      a.peer(b);
      a.sendUntilReceived(b, "go");
      for (int i = 0; i < 100; i++) {
        a.send(N2, Lane.BULK, "frame " + i);
      }
      b.close();
      int atTheEnd = b.received().size();
      a.send(N2, Lane.CONTROL, "too late");
      a.close();
      assertEquals(atTheEnd, b.received().size());
    }
  }

  @Test
  void aReceiverMayCloseItsTransport() throws IOException {
    AtomicBoolean closed = new AtomicBoolean();
    Transport b = create(N2);
    Address address =
        b.start(
            (from, frame) -> {
              b.close();
              closed.set(true);
            });
    TestNode a = node(N1);
    a.peer(N2, address);
    await(
        "the receiver closed its transport",
        () -> {
          a.send(N2, Lane.CONTROL, "close yourself");
          return closed.get();
        });
    b.close();
    assertEquals(address, node(N3, address).address());
  }

  /** Both the address and the threads: a round takes what the round before gave back. */
  @Test
  void nothingIsLeftWhenItIsClosed() throws Exception {
    Address fixed = unusedAddress();
    // What a library opens once, in the first round, is not counted.
    talkAndClose(fixed);
    long filesBefore = openFiles();
    ThreadGroup group = new ThreadGroup("of the transports under test");
    List<Throwable> failures = new ArrayList<>();
    Thread rounds =
        new Thread(
            group,
            () -> {
              try {
                for (int round = 0; round < ROUNDS; round++) {
                  talkAndClose(fixed);
                }
              } catch (IOException | RuntimeException | Error e) {
                failures.add(e);
              }
            });
    rounds.start();
    rounds.join();
    for (Throwable failure : failures) {
      fail("a round failed", failure);
    }
    // A library's own thread may outlive the transport by the moment that it waits for more work.
    if (!Await.holdsWithin(patience(), () -> group.activeCount() == 0)) {
      fail("threads are left: " + namesOf(group));
    }
    long more = openFiles() - filesBefore;
    assertTrue(more < ROUNDS, more + " more files are open after " + ROUNDS + " rounds");
  }

  /** Two nodes that talk, and are closed again; the second one always listens at one address. */
  private void talkAndClose(Address fixed) throws IOException {
    try (TestNode a = node(N1);
        TestNode b = node(N2, fixed)) {
      a.peer(b);
      b.peer(a);
      a.sendUntilReceived(b, "hello");
    }
  }

  private static List<String> namesOf(ThreadGroup group) {
    Thread[] left = new Thread[group.activeCount()];
    int count = group.enumerate(left);
    return Stream.of(left).limit(count).map(Thread::getName).toList();
  }

  private static long openFiles() throws IOException {
    Path descriptors = Path.of("/proc/self/fd");
    if (!Files.isDirectory(descriptors)) {
      return 0;
    }
    try (Stream<Path> list = Files.list(descriptors)) {
      return list.count();
    }
  }
}
