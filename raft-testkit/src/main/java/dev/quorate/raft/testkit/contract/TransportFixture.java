package dev.quorate.raft.testkit.contract;

import dev.quorate.raft.api.Address;
import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.config.Settings;
import dev.quorate.raft.api.transport.Transport;
import dev.quorate.raft.api.transport.TransportContext;
import dev.quorate.raft.api.transport.TransportProvider;
import dev.quorate.raft.testkit.internal.tests.Await;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;

/** What the cases need: the transport under test, and nodes that are closed afterwards. */
abstract class TransportFixture {

  static final String CLUSTER = "c";
  static final NodeId N1 = NodeId.of("n1");
  static final NodeId N2 = NodeId.of("n2");
  static final NodeId N3 = NodeId.of("n3");
  static final int MAX_FRAME_BYTES = 1024 * 1024;

  /** A time in which what must not happen would have happened. */
  static final Duration WHILE = Duration.ofMillis(500);

  private static final String HOST = "127.0.0.1";

  /** Systems choose ports of themselves above this one: nobody gets one of ours by chance. */
  private static final int EPHEMERAL = 32_768;

  private static final int LOWEST_PORT = 10_000;

  private final Random ports = new Random();
  private final List<AutoCloseable> opened = new ArrayList<>();

  /**
   * The plug-in under test.
   *
   * @return its provider; asked for several times in a test, and may be a new object each time
   */
  protected abstract TransportProvider provider();

  /**
   * What every transport under test is configured with.
   *
   * @return the settings; none unless overridden
   */
  protected Settings settings() {
    return Settings.empty();
  }

  /** How long a case waits for what is going to happen. */
  Duration patience() {
    return Await.PATIENCE;
  }

  final void await(String what, BooleanSupplier condition) {
    Await.within(patience(), what, condition);
  }

  @AfterEach
  void closeAll() throws Exception {
    for (AutoCloseable resource : opened) {
      resource.close();
    }
  }

  final <T extends AutoCloseable> T closing(T resource) {
    opened.add(resource);
    return resource;
  }

  /** Where the system chooses the port. */
  static Address anyPort() {
    return new Address(HOST, 0);
  }

  /** An address at which nobody listens, nor is going to by chance. */
  final Address unusedAddress() {
    while (true) {
      int port = LOWEST_PORT + ports.nextInt(EPHEMERAL - LOWEST_PORT);
      try (ServerSocket probe = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        return new Address(HOST, probe.getLocalPort());
      } catch (IOException e) {
        // Somebody listens there: another one will do.
        continue;
      }
    }
  }

  final TransportContext context(String cluster, NodeId self, Address bind) {
    return new TransportContext(cluster, self, bind, MAX_FRAME_BYTES, settings());
  }

  static ByteBuffer frame(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
  }

  /** A transport that is not started. */
  final Transport create(TransportContext context) {
    return closing(provider().create(context));
  }

  final Transport create(NodeId self) {
    return create(context(CLUSTER, self, anyPort()));
  }

  /** A node that listens. */
  final TestNode node(NodeId self) throws IOException {
    return node(self, anyPort());
  }

  final TestNode node(NodeId self, Address bind) throws IOException {
    return node(context(CLUSTER, self, bind));
  }

  final TestNode node(TransportContext context) throws IOException {
    return closing(new TestNode(context.self(), create(context), patience()));
  }

  /** Two nodes that are each other's only peers and have heard of each other. */
  final List<TestNode> pair() throws IOException {
    TestNode a = node(N1);
    TestNode b = node(N2);
    a.peer(b);
    b.peer(a);
    a.sendUntilReceived(b, "there?");
    b.sendUntilReceived(a, "there.");
    return List.of(a, b);
  }
}
