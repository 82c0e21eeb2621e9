package dev.quorate.examples.nodes;

import static dev.quorate.examples.nodes.RealNodes.PATIENCE;
import static dev.quorate.examples.nodes.RealNodes.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.examples.keyvalue.KeyValueStore;
import dev.quorate.raft.api.Address;
import dev.quorate.raft.api.MembershipOutcome;
import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.Outcome;
import dev.quorate.raft.api.RaftClient;
import dev.quorate.raft.api.RaftNode;
import dev.quorate.raft.api.TransferOutcome;
import dev.quorate.raft.api.config.Settings;
import dev.quorate.raft.api.metrics.Metric;
import dev.quorate.raft.engine.Raft;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A node that moves to another port keeps its name, its disk and its place. */
@Timeout(180)
class MovedNodeTest {

  private static final NodeId N3 = NodeId.of("n3");
  private static final List<String> IDS = List.of("n1", "n2", "n3");

  @TempDir private Path directory;

  /** Whether a text was put; on a machine that is busy the leader may change meanwhile. */
  private static boolean puts(RaftNode node, String text) {
    return node.submit(KeyValueStore.put(text, text), PATIENCE).join() instanceof Outcome.Applied;
  }

  private static boolean puts(RaftClient client, String text) {
    return client.submit(KeyValueStore.put(text, text), PATIENCE).join() instanceof Outcome.Applied;
  }

  /** Whether the node that moved leads, or whoever does has handed that over to it. */
  private static boolean movedOneLeads(RealNodes nodes) {
    return IDS.stream()
        .map(nodes::node)
        .map(node -> node.transferLeadership(N3, Duration.ofSeconds(5)).join())
        .anyMatch(TransferOutcome.Transferred.class::isInstance);
  }

  /** Whether the members know its address, if need be because they are told now. */
  private static boolean isMoved(RaftNode node, Address to) {
    return isKnownAt(node, to)
        || node.membership().updateAddress(N3, to, PATIENCE).join()
            instanceof MembershipOutcome.Changed;
  }

  private static boolean isKnownAt(RaftNode node, Address address) {
    return node.status().membership().members().stream()
        .anyMatch(member -> member.node().equals(N3) && member.address().equals(address));
  }

  @Test
  void allFindItWhereItIsNowAndSoDoesAClient() throws IOException {
    try (RealNodes nodes = new RealNodes(directory, "n1", "n2", "n3", "elsewhere")) {
      nodes.found(Settings.empty(), "n1", "n2", "n3");
      Address before = nodes.address("n3");
      Address after = nodes.address("elsewhere");
      try (RaftClient client =
          Raft.client(RealNodes.CLUSTER, nodes.address("n1") + "," + before).start()) {
        until("the client", () -> puts(client, "a"));

        nodes.stop("n3");
        RaftNode n1 = nodes.node("n1");
        until("the change", () -> isMoved(n1, after));
        nodes.move("n3", after);
        RaftNode moved = nodes.start("n3", Settings.empty());

        for (String id : IDS) {
          until("the new address at " + id, () -> isKnownAt(nodes.node(id), after));
        }
        // The others speak to it as to their leader, and so does who was outside all the while.
        until(
            "a leader that moved, and that the client finds",
            () -> movedOneLeads(nodes) && clients(nodes) > 0);
        for (String id : IDS) {
          until("a command of " + id, () -> puts(nodes.node(id), id));
        }
        until("a command of the client", () -> puts(client, "b"));
        try (RaftClient newcomer = Raft.client(RealNodes.CLUSTER, after.toString()).start()) {
          assertThat(newcomer.read(KeyValueStore.get("n2"), PATIENCE).join().value())
              .isEqualTo(moved.read(KeyValueStore.get("n2"), PATIENCE).join().value());
        }
      }
    }
  }

  private static long clients(RealNodes nodes) {
    return nodes.measured("n3").totals().last(Metric.CLIENTS);
  }
}
