package dev.quorate.examples.nodes;

import static dev.quorate.examples.nodes.RealNodes.PATIENCE;
import static dev.quorate.examples.nodes.RealNodes.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.examples.keyvalue.KeyValueStore;
import dev.quorate.raft.api.GroupSettings;
import dev.quorate.raft.api.MembershipOutcome;
import dev.quorate.raft.api.NodeEvent;
import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.Outcome;
import dev.quorate.raft.api.RaftListener;
import dev.quorate.raft.api.RaftNode;
import dev.quorate.raft.api.RejectReason;
import dev.quorate.raft.api.Role;
import dev.quorate.raft.api.TransferOutcome;
import dev.quorate.raft.api.TransferOutcome.Reason;
import dev.quorate.raft.api.config.Settings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Who leads, and how that is changed by hand, over real sockets and with real files. */
@Timeout(180)
class LeadershipTest {

  private static final Duration DEADLINE = Duration.ofSeconds(10);
  private static final NodeId N4 = NodeId.of("n4");

  @TempDir private Path directory;

  private static boolean puts(RaftNode node, String text) {
    return node.submit(KeyValueStore.put(text, text), DEADLINE).join() instanceof Outcome.Applied;
  }

  @Test
  void itIsHandedToWhoIsChosenAndToNoLearnerNorStranger() throws IOException {
    try (RealNodes nodes = new RealNodes(directory, "n1", "n2", "n3", "n4")) {
      nodes.found(Settings.empty(), "n1", "n2", "n3");
      RaftNode leader = nodes.leader();
      nodes.start("n4", Settings.empty());
      assertThat(leader.membership().addLearner(N4, PATIENCE).join())
          .isInstanceOf(MembershipOutcome.Changed.class);
      RaftNode next = nodes.others(leader).get(0);
      Queue<String> heard = new ConcurrentLinkedQueue<>();
      next.addListener(
          new RaftListener() {
            @Override
            public void onRoleChanged(Role role, long term) {
              heard.add(role + " " + term);
            }

            @Override
            public void onLeaderChanged(Optional<NodeId> leads, long term) {
              heard.add(leads.map(NodeId::value).orElse("nobody") + " " + term);
            }
          });

      assertThat(reason(leader.transferLeadership(N4, DEADLINE).join()))
          .isEqualTo(Reason.NOT_A_VOTER);
      assertThat(reason(leader.transferLeadership(NodeId.of("n9"), DEADLINE).join()))
          .isEqualTo(Reason.NOT_A_VOTER);
      assertThat(reason(next.transferLeadership(next.id(), DEADLINE).join()))
          .isEqualTo(Reason.NOT_LEADER);

      long term = leader.status().term();
      assertThat(leader.transferLeadership(next.id(), DEADLINE).join())
          .isInstanceOfSatisfying(
              TransferOutcome.Transferred.class,
              transferred -> {
                assertThat(transferred.leader()).isEqualTo(next.id());
                assertThat(transferred.term()).isGreaterThan(term);
                until("the listener", () -> heard.contains(Role.LEADER + " " + transferred.term()));
                until(
                    "the listener",
                    () -> heard.contains(next.id().value() + " " + transferred.term()));
              });
      assertThat(next.status().role()).isEqualTo(Role.LEADER);
      assertThat(leader.recentEvents())
          .extracting(NodeEvent::kind)
          .contains(NodeEvent.Kind.TRANSFER, NodeEvent.Kind.ROLE, NodeEvent.Kind.MEMBERSHIP);
      for (RaftNode node : nodes.all()) {
        assertThat(puts(node, node.id().value())).as("a command of %s", node.id()).isTrue();
      }
    }
  }

  private static Reason reason(TransferOutcome outcome) {
    assertThat(outcome).isInstanceOf(TransferOutcome.Failed.class);
    return ((TransferOutcome.Failed) outcome).reason();
  }

  /** What was submitted before it stepped down is applied once, through whoever leads then. */
  @Test
  void aLeaderStepsDownOnRequestAndNothingIsLost() throws IOException {
    try (RealNodes nodes = new RealNodes(directory, "n1", "n2", "n3")) {
      nodes.found(Settings.empty(), "n1", "n2", "n3");
      RaftNode leader = nodes.leader();
      List<RaftNode> others = nodes.others(leader);
      var before =
          List.of("a", "b", "c").stream()
              .map(key -> leader.submit(KeyValueStore.put(key, "1"), DEADLINE))
              .toList();

      assertThat(leader.stepDown(DEADLINE).join())
          .isInstanceOfSatisfying(
              TransferOutcome.Transferred.class,
              transferred ->
                  assertThat(others).extracting(RaftNode::id).contains(transferred.leader()));

      assertThat(before).allMatch(end -> end.join() instanceof Outcome.Applied);
      for (String key : List.of("a", "b", "c")) {
        assertThat(RealNodes.length(leader, key)).isEqualTo(1);
      }
      assertThat(reason(leader.stepDown(DEADLINE).join())).isEqualTo(Reason.NOT_LEADER);
    }
  }

  /** The others are gone: it leads no longer all the same, and says that it handed to nobody. */
  @Test
  void aLeaderWithoutOthersStepsDownToNobody() throws IOException {
    try (RealNodes nodes = new RealNodes(directory, "n1", "n2", "n3")) {
      nodes.found(Settings.empty(), "n1", "n2", "n3");
      RaftNode leader = nodes.leader();
      nodes.others(leader).forEach(other -> nodes.stop(other.id().value()));

      assertThat(leader.stepDown(Duration.ofSeconds(2)).join())
          .isInstanceOf(TransferOutcome.Failed.class);

      until("no leader", () -> leader.status().role() != Role.LEADER);
      assertThat(leader.health().isLive()).isTrue();
      assertThat(leader.health().isReady()).isFalse();
    }
  }

  @Test
  void whoIsPreferredLeadsAndLeadsAgainAfterARestart() throws IOException {
    try (RealNodes nodes = new RealNodes(directory, "n1", "n2", "n3")) {
      nodes.found(Settings.empty(), "n1", "n2", "n3");
      NodeId preferred = nodes.others(nodes.leader()).get(1).id();
      RaftNode asked = nodes.node("n1");
      GroupSettings present = RealNodes.settings(asked);
      GroupSettings wished = present.withPriority(preferred, 10);

      assertThat(asked.changeSettings(wished, DEADLINE).join()).isInstanceOf(Outcome.Applied.class);
      assertThat(asked.changeSettings(wished.withMaxSessions(7), DEADLINE).join())
          .isInstanceOfSatisfying(
              Outcome.Rejected.class,
              rejected -> assertThat(rejected.reason()).isEqualTo(RejectReason.SUPERSEDED));

      until("who is preferred", () -> leads(nodes, preferred));
      nodes.stop(preferred.value());
      until("another leader", () -> nodes.findLeader().isPresent());
      nodes.start(preferred.value(), Settings.empty());
      until("who is preferred, again", () -> leads(nodes, preferred));
      for (RaftNode node : nodes.all()) {
        until(
            "the settings at " + node.id(),
            () ->
                node.status()
                    .settings()
                    .map(GroupSettings::priorities)
                    .orElseThrow()
                    .equals(wished.priorities()));
      }
    }
  }

  private static boolean leads(RealNodes nodes, NodeId node) {
    return nodes.node(node.value()).status().role() == Role.LEADER;
  }
}
