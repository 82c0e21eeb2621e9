package dev.quorate.examples.counter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.raft.api.Address;
import dev.quorate.raft.api.MembershipChange;
import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.Outcome;
import dev.quorate.raft.api.RaftClient;
import dev.quorate.raft.api.RaftNode;
import dev.quorate.raft.api.ReadConsistency;
import dev.quorate.raft.api.ReadOutcome;
import dev.quorate.raft.api.RejectReason;
import dev.quorate.raft.api.Session;
import dev.quorate.raft.api.transport.ClientContext;
import dev.quorate.raft.api.transport.ClientTransport;
import dev.quorate.raft.api.transport.Transport;
import dev.quorate.raft.api.transport.TransportContext;
import dev.quorate.raft.api.transport.TransportProvider;
import dev.quorate.raft.engine.Raft;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients outside a cluster of three nodes, over real sockets and real files. */
class CounterClientTest {

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration SHORT = Duration.ofMillis(700);
  private static final List<String> IDS = List.of("n1", "n2", "n3");
  private static final byte[] QUERY = new byte[0];

  @TempDir Path directory;

  private final Map<String, RaftNode> nodes = new TreeMap<>();
  private final Map<String, Transport> transports = new TreeMap<>();
  private final Map<String, String> addresses = new TreeMap<>();
  private String transport;
  private String deadAddress;

  private void startAll(String named) throws IOException {
    transport = named;
    List<ServerSocket> open = new ArrayList<>();
    for (String id : IDS) {
      open.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
      addresses.put(id, "127.0.0.1:" + open.get(open.size() - 1).getLocalPort());
    }
    open.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
    deadAddress = "127.0.0.1:" + open.get(open.size() - 1).getLocalPort();
    for (ServerSocket socket : open) {
      socket.close();
    }
    Map<NodeId, Address> listed = new TreeMap<>();
    addresses.forEach((id, address) -> listed.put(NodeId.of(id), Address.parse(address)));
    for (String id : IDS) {
      nodes.put(
          id,
          Raft.node(id)
              .cluster("counters", listed)
              .stateMachine(new Counter())
              .dataDirectory(directory.resolve(id))
              .setting("raft.transport", transport)
              .transport(new Mortal(id))
              .start());
    }
  }

  @AfterEach
  void closeAll() {
    nodes.values().forEach(RaftNode::closeAsync);
    nodes.values().forEach(RaftNode::close);
  }

  /**
   * The transport {@code tcp}, which dies when it is told to, as that of a killed process would.
   */
  private final class Mortal implements TransportProvider {
    private final TransportProvider real = provider();
    private final String id;

    Mortal(String id) {
      this.id = id;
    }

    @Override
    public String name() {
      return real.name();
    }

    @Override
    public Transport create(TransportContext context) {
      Transport transport = real.create(context);
      transports.put(id, transport);
      return transport;
    }

    @Override
    public ClientTransport client(ClientContext context) {
      return real.client(context);
    }
  }

  /** The provider that the engine finds, which this module does not compile against. */
  private TransportProvider provider() {
    String name =
        transport.equals("tcp")
            ? "dev.quorate.raft.transport.tcp.TcpTransportProvider"
            : "dev.quorate.raft.transport.grpc.GrpcTransportProvider";
    try {
      return (TransportProvider) Class.forName(name).getConstructor().newInstance();
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  private RaftClient client(String... given) {
    return Raft.client("counters", String.join(",", given))
        .setting("raft.transport", transport)
        .start();
  }

  private static long add(RaftClient client, long number) {
    Outcome outcome = client.submit(Counter.bytes(number), PATIENCE).join();
    return ByteBuffer.wrap(outcome.resultOrThrow()).getLong();
  }

  private static long read(RaftClient client) {
    return ByteBuffer.wrap(client.read(QUERY, PATIENCE).join().value()).getLong();
  }

  private String leader() {
    try (RaftClient client = client(addresses.get("n1"), addresses.get("n2"))) {
      add(client, 0);
    }
    while (true) {
      for (RaftNode node : nodes.values()) {
        if (node.status().leader().isPresent()) {
          return node.status().leader().get().value();
        }
      }
      Thread.onSpinWait();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"tcp", "grpc"})
  void whateverLiveAddressIsGivenCallsAreAnswered(String named) throws IOException {
    startAll(named);
    for (String id : IDS) {
      try (RaftClient client = client(deadAddress, addresses.get(id))) {
        long before = read(client);
        assertThat(add(client, 10)).isEqualTo(before + 10);
        assertThat(read(client)).isEqualTo(before + 10);
        Outcome.Applied applied =
            (Outcome.Applied) client.submit(Counter.bytes(1), PATIENCE).join();
        ReadOutcome.Answered answered =
            (ReadOutcome.Answered)
                client.read(QUERY, ReadConsistency.atLeast(applied.index()), PATIENCE).join();
        assertThat(answered.index()).isGreaterThanOrEqualTo(applied.index());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"tcp", "grpc"})
  void whatIsSubmittedInASessionIsAppliedOnceAlthoughTheLeaderIsKilled(String named)
      throws IOException {
    startAll(named);
    String first = leader();
    int count = 300;
    try (RaftClient client = client(deadAddress, addresses.get("n1"), addresses.get("n2"))) {
      long before = read(client);
      Session session = client.openSession(PATIENCE).join().orThrow();
      List<CompletableFuture<Outcome>> outcomes = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        outcomes.add(session.submit(Counter.bytes(1), PATIENCE));
        if (i == count / 3) {
          outcomes.get(0).join();
          transports.get(first).close();
        }
      }
      List<Long> results = new ArrayList<>();
      for (CompletableFuture<Outcome> outcome : outcomes) {
        results.add(ByteBuffer.wrap(outcome.join().resultOrThrow()).getLong() - before);
      }
      List<Long> expected = Stream.iterate(1L, n -> n + 1).limit(count).toList();
      assertThat(results).isEqualTo(expected);
      assertThat(read(client)).isEqualTo(before + count);
      session.close();
    }
  }

  @Test
  void theMembersThatCameLaterAreKnownWhenTheOnlyOneThatWasGivenIsRemoved() throws IOException {
    startAll("tcp");
    try (RaftClient client = client(addresses.get("n1"))) {
      assertThat(add(client, 5)).isEqualTo(5);
      nodes
          .get("n1")
          .membership()
          .change(List.of(new MembershipChange.Remove(NodeId.of("n1"))), PATIENCE)
          .join();
      assertThat(add(client, 1)).isEqualTo(6);
      nodes.remove("n1").close();
      assertThat(add(client, 1)).isEqualTo(7);
      assertThat(read(client)).isEqualTo(7);
    }
  }

  @Test
  void nothingIsAnsweredByAnotherClusterOrByNobody() throws IOException {
    startAll("tcp");
    for (RaftClient lost :
        List.of(
            Raft.client("others", addresses.get("n1")).start(),
            Raft.client("counters", deadAddress).start(),
            Raft.client("counters", addresses.get("n1")).setting("raft.group", "none").start())) {
      try (lost) {
        long began = System.nanoTime();
        Outcome outcome = lost.submit(Counter.bytes(1), SHORT).join();
        assertThat(outcome).isInstanceOf(Outcome.Rejected.class);
        assertThat(((Outcome.Rejected) outcome).reason()).isEqualTo(RejectReason.NO_LEADER);
        assertThat(lost.read(QUERY, SHORT).join()).isInstanceOf(ReadOutcome.Refused.class);
        assertThat(System.nanoTime() - began).isLessThan(PATIENCE.toNanos());
      }
    }
    try (RaftClient client = client(addresses.get("n2"))) {
      assertThat(read(client)).isZero();
    }
  }

  @Test
  void whatIsUnderWayEndsWhenTheClientIsClosed() throws IOException {
    startAll("tcp");
    RaftClient client = client(addresses.get("n1"), addresses.get("n3"));
    add(client, 1);
    Session session = client.openSession(PATIENCE).join().orThrow();
    List<CompletableFuture<Outcome>> outcomes = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      outcomes.add(client.submit(Counter.bytes(1), PATIENCE));
      outcomes.add(session.submit(Counter.bytes(1), PATIENCE));
    }
    client.close();
    assertThat(outcomes).allSatisfy(outcome -> assertThat(outcome.join()).isNotNull());
    Outcome late = client.submit(Counter.bytes(1)).join();
    assertThat(((Outcome.Rejected) late).reason()).isEqualTo(RejectReason.CLOSED);
    client.close();
  }
}
