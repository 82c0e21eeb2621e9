package dev.quorate.examples.nodes;

import static dev.quorate.examples.nodes.RealNodes.CLUSTER;
import static dev.quorate.examples.nodes.RealNodes.PATIENCE;
import static dev.quorate.examples.nodes.RealNodes.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.examples.keyvalue.KeyValueStore;
import dev.quorate.raft.api.Address;
import dev.quorate.raft.api.MembershipOutcome;
import dev.quorate.raft.api.NodeCondition;
import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.RaftClient;
import dev.quorate.raft.api.RaftNode;
import dev.quorate.raft.api.config.Settings;
import dev.quorate.raft.engine.Raft;
import dev.quorate.raft.engine.RaftHost;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A node joins by the address of a member alone, over real sockets of both transports. */
@Timeout(180)
class JoinByAddressTest {

  private static final NodeId N3 = NodeId.of("n3");

  @TempDir private Path directory;

  private static Settings over(String transport) {
    return Settings.empty().with("raft.transport", transport);
  }

  /** The third node is told of these addresses and nothing else. */
  private static void joinsAt(RealNodes nodes, Address... addresses) {
    String list = String.join(",", List.of(addresses).stream().map(Address::toString).toList());
    nodes.with(
        (id, builder) -> {
          if (id.equals("n3")) {
            builder.join(CLUSTER, list, nodes.address("n3"));
          }
        });
  }

  private static void isAdded(RaftNode newcomer, RaftNode member) {
    assertThat(member.membership().addMember(newcomer.id(), PATIENCE).join())
        .isInstanceOf(MembershipOutcome.Changed.class);
    member.submitOrThrow(KeyValueStore.put("a", "text"));
    assertThat(RealNodes.length(newcomer, "a")).isEqualTo(4);
    until("nobody who asks", () -> !asks());
  }

  /** Whether a thread is there by which a node asks. */
  private static boolean asks() {
    return Thread.getAllStackTraces().keySet().stream()
        .anyMatch(thread -> thread.getName().contains("n3-asks"));
  }

  private static boolean isHeardBy(RaftNode member) {
    return member.status().membership().waiting().stream().anyMatch(it -> it.node().equals(N3));
  }

  private static String waits(RaftNode node) {
    return node.status().condition() instanceof NodeCondition.NotAMember outside
        ? outside.message()
        : "";
  }

  @ParameterizedTest
  @ValueSource(strings = {"tcp", "grpc"})
  void theAddressOfAFollowerIsEnough(String transport) throws IOException {
    try (RealNodes nodes = new RealNodes(directory, "n1", "n2", "n3")) {
      nodes.found(over(transport), "n1", "n2");
      RaftNode leader = nodes.leader();
      RaftNode follower = nodes.others(leader).get(0);
      joinsAt(nodes, nodes.address(follower.id().value()));
      RaftNode n3 = nodes.start("n3", over(transport));
      until("who waits", () -> isHeardBy(leader));
      assertThat(waits(n3)).doesNotContain("No member was found");
      assertThat(asks()).as("as long as it waits").isTrue();
      isAdded(n3, follower);

      // With its own disk it needs nobody's address, so that it asks nobody.
      nodes.stop("n3");
      RaftNode again = nodes.start("n3", over(transport));
      assertThat(asks()).isFalse();
      assertThat(RealNodes.length(again, "a")).isEqualTo(4);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"tcp", "grpc"})
  void itWaitsForAMemberThatComesLater(String transport) throws IOException {
    try (RealNodes nodes = new RealNodes(directory, "n1", "n2", "n3")) {
      Address first = nodes.address("n1");
      joinsAt(nodes, first, nodes.address("n2"));
      RaftNode n3 = nodes.start("n3", over(transport));
      until("why it waits", () -> waits(n3).toLowerCase().contains("refused"));
      assertThat(waits(n3)).contains("No member was found at " + first + " (");
      nodes.found(over(transport), "n1");
      until("the member", () -> !waits(n3).contains(first + " ("));
      assertThat(waits(n3)).contains("No member was found at " + nodes.address("n2") + " (");
      isAdded(n3, nodes.node("n1"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"tcp", "grpc"})
  void whoeverIsOfAnotherClusterOrTheNodeItselfIsNamed(String transport) throws IOException {
    try (RealNodes nodes = new RealNodes(directory, "n1", "n3", "x");
        RaftNode stranger = stranger(nodes, transport)) {
      Address own = new Address("localhost", nodes.address("n3").port());
      Address strangers = nodes.address("x");
      joinsAt(nodes, strangers, own);
      RaftNode n3 = nodes.start("n3", over(transport));
      until("both reasons", () -> waits(n3).contains("n3 itself"));
      until("both reasons", () -> waits(n3).contains(strangers + " (refused as "));
      assertThat(waits(n3)).contains("OTHER_CLUSTER", "'other'");
      assertThat(stranger.status().membership().waiting()).isEmpty();
      nodes.stop("n3");
      until("nobody who asks", () -> !asks());

      nodes.found(over(transport), "n1");
      joinsAt(nodes, strangers, own, nodes.address("n1"));
      isAdded(nodes.start("n3", over(transport)), nodes.node("n1"));
    }
  }

  private RaftNode stranger(RealNodes nodes, String transport) throws IOException {
    return Raft.node("x")
        .cluster("other", "x=" + nodes.address("x"))
        .stateMachine(new KeyValueStore())
        .dataDirectory(directory.resolve("x"))
        .settings(over(transport))
        .start();
  }

  @ParameterizedTest
  @ValueSource(strings = {"tcp", "grpc"})
  void aMemberThatHasTooManyClientsIsAskedAgain(String transport) throws IOException {
    try (RealNodes nodes = new RealNodes(directory, "n1", "n3")) {
      nodes.found(over(transport).with("raft.clients.max", "1"), "n1");
      RaftNode n1 = nodes.leader();
      RaftNode n3;
      try (RaftClient client =
          Raft.client(CLUSTER, nodes.address("n1").toString()).settings(over(transport)).start()) {
        client.submitOrThrow(KeyValueStore.put("b", "more"));
        joinsAt(nodes, nodes.address("n1"));
        n3 = nodes.start("n3", over(transport));
        until("why it waits", () -> waits(n3).contains("1 clients already (raft.clients.max)"));
        assertThat(n1.status().membership().waiting()).isEmpty();
      }
      isAdded(n3, n1);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"tcp", "grpc"})
  void eachGroupOfAHostAsksForItsOwn(String transport) throws IOException {
    try (RealNodes nodes = new RealNodes(directory, "n1", "n3");
        RaftHost member =
            Raft.host("n1")
                .cluster(CLUSTER, "n1=" + nodes.address("n1"))
                .dataDirectory(directory.resolve("n1"))
                .settings(over(transport))
                .start();
        RaftHost newcomer =
            Raft.host("n3")
                .join(CLUSTER, nodes.address("n1").toString(), nodes.address("n3"))
                .dataDirectory(directory.resolve("n3"))
                .settings(over(transport))
                .start()) {
      RaftNode orders = member.group("orders").stateMachine(new KeyValueStore()).start();
      RaftNode ordersHere = newcomer.group("orders").stateMachine(new KeyValueStore()).start();
      RaftNode pricesHere = newcomer.group("prices").stateMachine(new KeyValueStore()).start();
      until("why it waits", () -> waits(pricesHere).contains("there is no group 'prices' here"));
      isAddedWhileAnotherAsks(ordersHere, orders);
      RaftNode prices = member.group("prices").stateMachine(new KeyValueStore()).start();
      isAdded(pricesHere, prices);
    }
  }

  private static void isAddedWhileAnotherAsks(RaftNode newcomer, RaftNode member) {
    assertThat(member.membership().addMember(newcomer.id(), PATIENCE).join())
        .isInstanceOf(MembershipOutcome.Changed.class);
    assertThat(asks()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"tcp", "grpc"})
  void nothingIsLeftOfANodeThatIsClosedWhileItAsks(String transport) throws IOException {
    try (RealNodes nodes = new RealNodes(directory, "n1", "n3")) {
      joinsAt(nodes, nodes.address("n1"));
      nodes.start("n3", over(transport));
      until("somebody who asks", () -> asks());
      nodes.stop("n3");
      assertThat(asks()).isFalse();
    }
  }
}
