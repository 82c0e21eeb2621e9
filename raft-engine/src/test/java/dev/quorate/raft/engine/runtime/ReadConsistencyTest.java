package dev.quorate.raft.engine.runtime;

import static dev.quorate.raft.engine.runtime.Register.bytes;
import static dev.quorate.raft.engine.runtime.Register.text;
import static dev.quorate.raft.engine.runtime.TestCluster.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quorate.raft.api.Outcome;
import dev.quorate.raft.api.RaftNode;
import dev.quorate.raft.api.ReadConsistency;
import dev.quorate.raft.api.ReadOutcome;
import dev.quorate.raft.api.RejectReason;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ReadConsistencyTest {

  private static final Duration LONG = Duration.ofSeconds(30);
  private static final Duration SHORT = Duration.ofMillis(200);

  private static ReadConsistency lag(Duration longest) {
    return ReadConsistency.stale(longest);
  }

  private static RejectReason refusal(ReadOutcome outcome) {
    assertThat(outcome).isInstanceOf(ReadOutcome.Refused.class);
    return ((ReadOutcome.Refused) outcome).reason();
  }

  @Test
  void whoeverWroteReadsItsWritesOnEveryNode() {
    try (TestCluster cluster = new TestCluster(3).startAll()) {
      Outcome.Applied done = (Outcome.Applied) cluster.node(1).submit(bytes("a"), LONG).join();
      for (int i = 1; i <= 3; i++) {
        ReadOutcome outcome =
            cluster.node(i).read(bytes(""), ReadConsistency.atLeast(done.index()), LONG).join();
        assertThat(text(outcome.value())).isEqualTo("a ");
        assertThat(((ReadOutcome.Answered) outcome).index()).isGreaterThanOrEqualTo(done.index());
      }
    }
  }

  @Test
  void anIndexThatDoesNotComeEndsAtTheDeadline() {
    try (TestCluster cluster = new TestCluster(1)) {
      RaftNode node = cluster.start(1);
      node.submitOrThrow(bytes("a"));
      ReadOutcome outcome = node.read(bytes(""), ReadConsistency.atLeast(1_000), SHORT).join();
      assertThat(refusal(outcome)).isEqualTo(RejectReason.TIMED_OUT);
      assertThat(((ReadOutcome.Refused) outcome).message()).contains("not yet 1000");
    }
  }

  @Test
  void everyNodeSoonVouchesForStateThatIsALittleOldAndANodeAloneNoLonger() {
    try (TestCluster cluster = new TestCluster(3).startAll()) {
      RaftNode left = cluster.follower();
      left.submitOrThrow(bytes("a"));
      for (int i = 1; i <= 3; i++) {
        RaftNode node = cluster.node(i);
        until(
            node.id() + " to be fresh",
            () -> reads(node, lag(LONG)).filter("a "::equals).isPresent());
      }
      for (int i = 1; i <= 3; i++) {
        if (cluster.node(i) != left) {
          cluster.node(i).close();
        }
      }
      // What was true stays true: without a quorum there are old answers, and soon no recent ones.
      assertThat(reads(left, lag(LONG))).contains("a ");
      until(
          "the node to say that it has fallen behind",
          () -> refusalOf(left, lag(SHORT)).filter(RejectReason.TOO_STALE::equals).isPresent());
    }
  }

  private static Optional<String> reads(RaftNode node, ReadConsistency consistency) {
    return node.read(bytes(""), consistency, LONG).join() instanceof ReadOutcome.Answered answered
        ? Optional.of(text(answered.value()))
        : Optional.empty();
  }

  private static Optional<RejectReason> refusalOf(RaftNode node, ReadConsistency consistency) {
    return node.read(bytes(""), consistency, LONG).join() instanceof ReadOutcome.Refused refused
        ? Optional.of(refused.reason())
        : Optional.empty();
  }

  @Test
  void withAndWithoutLeasesALeaseReadSeesWhatWasWritten() {
    for (String lease : new String[] {"true", "false"}) {
      try (TestCluster cluster = new TestCluster(3).with("raft.lease", lease).startAll()) {
        cluster.node(1).submitOrThrow(bytes("a"));
        for (int i = 1; i <= 3; i++) {
          RaftNode node = cluster.node(i);
          until(
              node.id() + " to answer",
              () -> reads(node, ReadConsistency.LEASE).filter("a "::equals).isPresent());
        }
      }
    }
  }

  @Test
  void whatMakesNoSenseIsMisuse() {
    assertThatThrownBy(() -> ReadConsistency.stale(Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("PT0S");
    assertThatThrownBy(() -> ReadConsistency.atLeast(-1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("-1");
  }
}
