package dev.quorate.examples.nodes;

import static dev.quorate.examples.nodes.RealNodes.PATIENCE;
import static dev.quorate.examples.nodes.RealNodes.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.examples.keyvalue.KeyValueStore;
import dev.quorate.raft.api.GroupSettings;
import dev.quorate.raft.api.Outcome;
import dev.quorate.raft.api.RaftNode;
import dev.quorate.raft.api.ReadConsistency;
import dev.quorate.raft.api.ReadOutcome;
import dev.quorate.raft.api.RejectReason;
import dev.quorate.raft.api.config.Settings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What reads of each level give, over real sockets and with real clocks. */
@Timeout(180)
class ReadLevelsTest {

  private static final Duration SHORT = Duration.ofMillis(500);

  @TempDir private Path directory;

  private static ReadOutcome read(RaftNode node, ReadConsistency level, Duration deadline) {
    return node.read(KeyValueStore.get("a"), level, deadline).join();
  }

  private static Optional<String> value(ReadOutcome outcome) {
    return KeyValueStore.value(outcome.value());
  }

  private static long put(RaftNode node, String value) {
    Outcome outcome = node.submit(KeyValueStore.put("a", value), PATIENCE).join();
    assertThat(outcome).isInstanceOf(Outcome.Applied.class);
    return ((Outcome.Applied) outcome).index();
  }

  @Test
  void everyNodeReadsTheWritesBeforeIt() throws IOException {
    try (RealNodes nodes = new RealNodes(directory, "n1", "n2", "n3")) {
      nodes.found(Settings.empty(), "n1", "n2", "n3");
      nodes.leader();
      for (int i = 0; i < 20; i++) {
        String text = Integer.toString(i);
        long index = put(nodes.node("n1"), text);
        for (RaftNode node : nodes.all()) {
          assertThat(value(read(node, ReadConsistency.LINEARIZABLE, PATIENCE))).contains(text);
          ReadOutcome own = read(node, ReadConsistency.atLeast(index), PATIENCE);
          assertThat(value(own)).contains(text);
          assertThat(((ReadOutcome.Answered) own).index()).isGreaterThanOrEqualTo(index);
        }
      }
      long future = nodes.leader().status().lastIndex() + 1_000;
      assertThat(reason(read(nodes.node("n2"), ReadConsistency.atLeast(future), SHORT)))
          .isEqualTo(RejectReason.TIMED_OUT);
    }
  }

  private static RejectReason reason(ReadOutcome outcome) {
    assertThat(outcome).isInstanceOf(ReadOutcome.Refused.class);
    return ((ReadOutcome.Refused) outcome).reason();
  }

  /**
   * A lease is worth three quarters of the shortest election timeout: for so long the leader
   * answers although there is nobody left whom it could ask.
   */
  @Test
  void withALeaseTheLeaderAnswersWithoutAsking() throws IOException {
    Settings patient =
        Settings.empty()
            .with("raft.election-timeout.min", "4s")
            .with("raft.election-timeout.max", "5s");
    try (RealNodes nodes = new RealNodes(directory, "n1", "n2", "n3")) {
      nodes.found(patient, "n1", "n2", "n3");
      RaftNode leader = nodes.leader();
      put(leader, "text");
      GroupSettings present = RealNodes.settings(leader);
      assertThat(leader.changeSettings(present.withLease(true), PATIENCE).join())
          .isInstanceOf(Outcome.Applied.class);
      for (RaftNode node : nodes.all()) {
        assertThat(value(read(node, ReadConsistency.LEASE, PATIENCE))).contains("text");
      }
      // Not before the others have promised: their answers to this round are given with leases.
      until("leases everywhere", () -> nodes.all().stream().allMatch(ReadLevelsTest::hasLeases));
      read(leader, ReadConsistency.LINEARIZABLE, PATIENCE);

      nodes.stopAtOnce(nodes.others(leader));

      assertThat(value(read(leader, ReadConsistency.LEASE, PATIENCE))).contains("text");
      assertThat(reason(read(leader, ReadConsistency.LINEARIZABLE, SHORT)))
          .isEqualTo(RejectReason.TIMED_OUT);
      until(
          "the lease to end",
          () -> read(leader, ReadConsistency.LEASE, SHORT) instanceof ReadOutcome.Refused);
    }
  }

  private static boolean hasLeases(RaftNode node) {
    return node.status().settings().filter(GroupSettings::lease).isPresent();
  }

  /** A node that is alone answers what is no older than asked for, and later refuses. */
  @Test
  void aNodeThatIsAloneKnowsHowOldItsStateIs() throws IOException {
    Duration lag = Duration.ofSeconds(2);
    try (RealNodes nodes = new RealNodes(directory, "n1", "n2", "n3")) {
      nodes.found(Settings.empty(), "n1", "n2", "n3");
      RaftNode leader = nodes.leader();
      put(leader, "text");
      RaftNode follower = nodes.others(leader).get(0);
      until(
          "a follower that is vouched for",
          () ->
              read(follower, ReadConsistency.stale(lag), PATIENCE) instanceof ReadOutcome.Answered);

      nodes.others(follower).forEach(other -> nodes.stop(other.id().value()));

      until(
          "a state that is too old",
          () ->
              read(follower, ReadConsistency.stale(lag), PATIENCE) instanceof ReadOutcome.Refused);
      assertThat(reason(read(follower, ReadConsistency.stale(lag), PATIENCE)))
          .isEqualTo(RejectReason.TOO_STALE);
      assertThat(value(read(follower, ReadConsistency.stale(Duration.ofHours(1)), PATIENCE)))
          .contains("text");
      assertThat(reason(read(follower, ReadConsistency.LINEARIZABLE, SHORT)))
          .isIn(RejectReason.NO_LEADER, RejectReason.TIMED_OUT);
      assertThat(reason(read(follower, ReadConsistency.LEASE, SHORT)))
          .isIn(RejectReason.NO_LEADER, RejectReason.TIMED_OUT);
      assertThat(value(read(follower, ReadConsistency.atLeast(1), SHORT))).contains("text");
    }
  }
}
