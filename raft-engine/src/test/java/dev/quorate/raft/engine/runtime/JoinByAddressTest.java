package dev.quorate.raft.engine.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quorate.raft.api.Address;
import dev.quorate.raft.api.NodeCondition;
import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.RaftNode;
import dev.quorate.raft.api.config.ConfigurationException;
import dev.quorate.raft.api.config.Settings;
import dev.quorate.raft.api.transport.TransportContext;
import dev.quorate.raft.api.transport.TransportProvider;
import dev.quorate.raft.engine.Raft;
import dev.quorate.raft.engine.RaftHost;
import dev.quorate.raft.engine.RaftNodeBuilder;
import dev.quorate.raft.engine.formation.ListedNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a node makes of members that it was given by their addresses alone. */
class JoinByAddressTest {

  private static final Address OWN = new Address("host9", 9);

  private static RaftNodeBuilder joining(String members, TransportProvider transport) {
    return Raft.node("n9")
        .join("test", members, OWN)
        .stateMachine(new Register())
        .storage(new MemoryDisk())
        .transport(transport)
        .dataDirectory(Path.of("nowhere"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "host1:1",
        "host1:1,host9:9",
        "host1:1, n2=host2:2, [::1]:3",
        "n1=host1:1,host1:1",
        "n1=host1:1"
      })
  void aMemberIsNamedByItsAddressOrWithItsId(String members) {
    joining(members, new LoneNode(new ManualEnvironment(1))).check();
  }

  @Test
  void aTransportThatCannotAskNeedsTheIds() {
    RaftNodeBuilder builder = joining("host1:1,n2=host2:2", new MemoryNetwork());
    for (ThrowingCallable start : List.<ThrowingCallable>of(builder::check, builder::start)) {
      assertThatThrownBy(start)
          .isInstanceOf(ConfigurationException.class)
          .hasMessageContaining("cannot ask who listens at [host1:1]")
          .hasMessageContaining("transport 'memory' serves no clients")
          .hasMessageContaining("n1=host1:7001");
    }
    joining("n2=host2:2", new MemoryNetwork()).check();
  }

  /** Starts a node that is given one member with its id, and asks at another's address. */
  private static RaftNode start(
      String id,
      ListedNode given,
      MemoryNetwork network,
      LoneNode lone,
      ManualEnvironment environment)
      throws IOException {
    NodeOptions options =
        new NodeOptions(
                NodeId.of(id),
                "test",
                List.of(given),
                OWN,
                new Register(),
                Path.of("nowhere"),
                OWN,
                "a test",
                network.askingBy(lone),
                new MemoryDisk(),
                Settings.empty())
            .askingAt(List.of(lone.address()));
    return LocalNode.start(options, environment);
  }

  /** The whole way in virtual time, from an address to the condition that people see. */
  @Test
  void aNodeSaysWhomItFoundAndWhatIsWrong() throws IOException {
    ManualEnvironment environment = new ManualEnvironment(1);
    LoneNode lone = new LoneNode(environment);
    ListedNode given = new ListedNode(NodeId.of("n2"), new Address("host2", 2));
    RaftNode node = start("n1", given, new MemoryNetwork(), lone, environment);
    environment.advance(100);
    // LoneNode says that it is n1, too.
    assertThat(((NodeCondition.NotAMember) node.status().condition()).message())
        .contains("No member was found at host1:7001 (that is n1 itself)");
    node.closeAsync();
    environment.advance(1_000);
    assertThat(lone.closed).isTrue();
  }

  /** What another one says of its place may be older than what was given. */
  @Test
  void aMemberThatWasGivenWithItsIdIsWhereItWasSaidToBe() throws IOException {
    ManualEnvironment environment = new ManualEnvironment(1);
    MemoryNetwork network = new MemoryNetwork();
    LoneNode lone = new LoneNode(environment);
    NodeId n1 = NodeId.of("n1");
    Address there = new Address("host7", 7);
    AtomicInteger frames = new AtomicInteger();
    network
        .create(new TransportContext("test", n1, there, 1_000, Settings.empty()))
        .start((from, frame) -> frames.incrementAndGet());
    RaftNode node = start("n9", new ListedNode(n1, there), network, lone, environment);
    environment.advance(1_000);
    // LoneNode has said by now that n1 is elsewhere.
    assertThat(((NodeCondition.NotAMember) node.status().condition()).message())
        .doesNotContain("No member was found");
    frames.set(0);
    environment.advance(1_000);
    assertThat(frames).hasPositiveValue();
    node.closeAsync();
    environment.advance(1_000);
  }

  @Test
  void aGroupOnAHostThatKnowsNoIdsCannotNameThem() throws IOException {
    try (RaftHost host =
        Raft.host("n9")
            .join("test", "host1:1", OWN)
            .transport(new MemoryNetwork().askingBy(new LoneNode(new ManualEnvironment(1))))
            .storage(new MemoryDisk())
            .dataDirectory(Path.of("nowhere"))
            .start()) {
      assertThatThrownBy(() -> host.group("orders").members("n1"))
          .isInstanceOf(ConfigurationException.class)
          .hasMessageContaining("n1 of group 'orders' is not in the host's list")
          .hasMessageContaining("[host1:1]");
    }
  }
}
