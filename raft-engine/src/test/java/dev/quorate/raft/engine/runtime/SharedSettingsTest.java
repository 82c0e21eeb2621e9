package dev.quorate.raft.engine.runtime;

import static dev.quorate.raft.engine.runtime.Register.bytes;
import static dev.quorate.raft.engine.runtime.TestCluster.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quorate.raft.api.GroupSettings;
import dev.quorate.raft.api.Outcome;
import dev.quorate.raft.api.RaftNode;
import dev.quorate.raft.api.RejectReason;
import dev.quorate.raft.api.Role;
import dev.quorate.raft.api.SessionOutcome;
import dev.quorate.raft.api.SnapshotOutcome;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The settings that all members share, on whole nodes. */
@Timeout(60)
class SharedSettingsTest {

  private static final Duration LONG = Duration.ofSeconds(30);

  /** The settings of a node, as soon as there are any. */
  private static GroupSettings settings(RaftNode node) {
    until("settings on " + node.id(), () -> node.status().settings().isPresent());
    return node.status().settings().orElseThrow();
  }

  private static void untilVersion(RaftNode node, long version) {
    until("version " + version + " on " + node.id(), () -> settings(node).version() >= version);
  }

  private static void change(RaftNode node, GroupSettings next) {
    assertThat(node.changeSettings(next, LONG).join()).isInstanceOf(Outcome.Applied.class);
  }

  private static void untilItLeads(RaftNode node) {
    until(node.id() + " to lead", () -> node.status().role() == Role.LEADER);
  }

  @Test
  void theFirstComeFromTheKeysAndAreChangedThroughAnyNode() {
    try (TestCluster cluster =
        new TestCluster(3).with("raft.max-sessions", "7").with("raft.lease", "true").startAll()) {
      RaftNode follower = cluster.follower();
      GroupSettings first = settings(follower);
      assertThat(first.version()).isEqualTo(1);
      assertThat(first.maxSessions()).isEqualTo(7);
      assertThat(first.lease()).isTrue();
      change(follower, first.withMaxSessions(0).withLease(false));
      for (int i = 1; i <= 3; i++) {
        untilVersion(cluster.node(i), 2);
        assertThat(settings(cluster.node(i)))
            .isEqualTo(
                new GroupSettings(
                    2,
                    false,
                    0,
                    first.maxResults(),
                    first.maxResultBytes(),
                    first.sessionTimeout(),
                    first.priorities()));
      }
      SessionOutcome session = follower.openSession(LONG).join();
      assertThat(((SessionOutcome.Refused) session).reason())
          .isEqualTo(RejectReason.TOO_MANY_SESSIONS);
    }
  }

  @Test
  void whoeverLeadsHandsOverToWhoIsPreferredEvenAfterThatOneWasAway() throws Exception {
    try (TestCluster cluster = new TestCluster(3).startAll()) {
      RaftNode follower = cluster.follower();
      int preferred = Integer.parseInt(follower.id().value().substring(1));
      change(follower, settings(follower).withPriority(follower.id(), 1));
      untilItLeads(follower);
      follower.close();
      RaftNode other = cluster.node(preferred % 3 + 1);
      until(
          "another to lead",
          () -> other.status().leader().filter(id -> !id.equals(follower.id())).isPresent());
      other.submitOrThrow(bytes("a"));
      untilItLeads(cluster.start(preferred));
    }
  }

  @Test
  void whatIsDerivedFromAnOlderVersionIsRefused() {
    try (TestCluster cluster = new TestCluster(1)) {
      RaftNode node = cluster.start(1);
      GroupSettings first = settings(node);
      change(node, first.withMaxSessions(5));
      Outcome outcome = node.changeSettings(first.withMaxSessions(6), LONG).join();
      assertThat(((Outcome.Rejected) outcome).reason()).isEqualTo(RejectReason.SUPERSEDED);
      assertThat(((Outcome.Rejected) outcome).message())
          .isEqualTo("version 2 of the settings does not follow 2");
      assertThat(settings(node).maxSessions()).isEqualTo(5);
      assertThatThrownBy(() -> node.changeSettings(first, Duration.ZERO))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void theyOutliveARestartWithOtherKeysInTheLogAndInASnapshot() throws Exception {
    try (TestCluster cluster = new TestCluster(1)) {
      change(cluster.start(1), settings(cluster.node(1)).withLease(true));
      cluster.node(1).close();
      cluster.with("raft.max-sessions", "3");
      RaftNode again = cluster.start(1);
      untilVersion(again, 2);
      assertThat(settings(again).lease()).isTrue();
      assertThat(settings(again).maxSessions()).isEqualTo(4_096);
      again.submitOrThrow(bytes("a"));
      assertThat(again.takeSnapshot(LONG).join()).isInstanceOf(SnapshotOutcome.Taken.class);
      GroupSettings before = settings(again);
      again.close();
      RaftNode restored = cluster.start(1);
      until("the snapshot to be restored", () -> restored.status().snapshotIndex() > 0);
      assertThat(settings(restored)).isEqualTo(before);
    }
  }
}
