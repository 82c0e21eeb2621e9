package dev.quorate.raft.engine.runtime;

import static dev.quorate.raft.engine.runtime.Register.bytes;
import static dev.quorate.raft.engine.runtime.Register.text;
import static dev.quorate.raft.engine.runtime.TestCluster.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quorate.raft.api.Outcome;
import dev.quorate.raft.api.RaftNode;
import dev.quorate.raft.api.RejectReason;
import dev.quorate.raft.api.Session;
import dev.quorate.raft.api.SessionOutcome;
import dev.quorate.raft.api.SnapshotOutcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class SessionsTest {

  private static final Duration LONG = Duration.ofSeconds(30);

  private static Session open(RaftNode node) {
    return node.openSession(LONG).join().orThrow();
  }

  private static String words(RaftNode node) {
    return text(node.read(bytes(""), LONG).join().value());
  }

  private static String result(CompletableFuture<Outcome> outcome) {
    return text(outcome.join().resultOrThrow());
  }

  private static RejectReason reason(Outcome outcome) {
    assertThat(outcome).isInstanceOf(Outcome.Rejected.class);
    return ((Outcome.Rejected) outcome).reason();
  }

  @Test
  void commandsAreAppliedInTheirOrderThroughAnyNode() {
    try (TestCluster cluster = new TestCluster(3).startAll()) {
      for (RaftNode node : List.of(cluster.leader(), cluster.follower())) {
        try (Session session = open(node)) {
          List<CompletableFuture<Outcome>> all = new ArrayList<>();
          for (int i = 0; i < 300; i++) {
            all.add(session.submit(bytes("w" + i), LONG));
          }
          for (int i = 0; i < 300; i++) {
            assertThat(result(all.get(i))).isEqualTo("w" + i + "!");
          }
          until("the last number", () -> session.state().nextSequence() == 301);
        }
      }
      String once =
          IntStream.range(0, 300).mapToObj(i -> "w" + i + " ").collect(Collectors.joining());
      assertThat(words(cluster.leader())).isEqualTo(once + once);
    }
  }

  @Test
  void aRetryThroughAnotherNodeGetsTheFirstResult() {
    try (TestCluster cluster = new TestCluster(3).startAll()) {
      RaftNode first = cluster.leader();
      Session session = open(first);
      Outcome.Applied done = (Outcome.Applied) session.submit(bytes("a"), LONG).join();
      Session resumed = cluster.follower().resumeSession(new Session.State(session.id(), 1));
      Outcome.Applied again = (Outcome.Applied) resumed.submit(bytes("a"), LONG).join();
      assertThat(again.index()).isEqualTo(done.index());
      assertThat(text(again.result())).isEqualTo("a!");
      assertThat(result(resumed.submit(bytes("b"), LONG))).isEqualTo("b!");
      assertThat(words(first)).isEqualTo("a b ");
    }
  }

  private static Outcome attempt(RaftNode node, long session, long sequence, String command) {
    return node.attempt(new Session.Place(session, sequence, sequence - 1), bytes(command), LONG)
        .join();
  }

  @Test
  void aClientOutsideTheClusterRepeatsItsCommandsItself() {
    try (TestCluster cluster = new TestCluster(3).startAll()) {
      RaftNode leader = cluster.leader();
      RaftNode follower = cluster.follower();
      Session session = open(follower);
      long id = session.id();
      session.leave();
      assertThat(reason(session.submit(bytes("x")).join())).isEqualTo(RejectReason.CLOSED);

      assertThat(reason(attempt(leader, id, 2, "b"))).isEqualTo(RejectReason.OUT_OF_ORDER);
      Outcome.Applied first = (Outcome.Applied) attempt(leader, id, 1, "a");
      Outcome.Applied again = (Outcome.Applied) attempt(follower, id, 1, "a");
      assertThat(again.index()).isEqualTo(first.index());
      assertThat(again.result()).isEqualTo(first.result());
      assertThat(reason(attempt(follower, id, 1, "c"))).isEqualTo(RejectReason.SEQUENCE_REUSED);
      assertThat(attempt(follower, id, 2, "b")).isInstanceOf(Outcome.Applied.class);
      assertThat(attempt(leader, id, 1, "a"))
          .as("it was acknowledged")
          .isInstanceOf(Outcome.Unknown.class);
      assertThat(reason(attempt(leader, id, 3, "x".repeat(2 << 20))))
          .isEqualTo(RejectReason.TOO_LARGE);
      assertThat(reason(attempt(leader, 9_999, 1, "d"))).isEqualTo(RejectReason.SESSION_EXPIRED);
      assertThat(words(leader)).isEqualTo("a b ");
    }
  }

  @Test
  void nobodyKeepsASessionAliveThatWasLeft() {
    try (TestCluster cluster = new TestCluster(1).with("raft.session.timeout", "1s")) {
      RaftNode node = cluster.start(1);
      Session session = open(node);
      session.leave();
      long start = System.nanoTime();
      until("three timeouts", () -> System.nanoTime() - start > 3_000_000_000L);
      assertThat(reason(attempt(node, session.id(), 1, "a")))
          .isEqualTo(RejectReason.SESSION_EXPIRED);
    }
  }

  @Test
  @Tag("pitfall-55")
  void whenTheLeaderIsLostTheLibrarySendsAgainAndNothingIsAppliedTwice() {
    try (TestCluster cluster = new TestCluster(3).startAll()) {
      RaftNode leader = cluster.leader();
      RaftNode follower = cluster.follower();
      Session session = open(follower);
      List<CompletableFuture<Outcome>> all = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        all.add(session.submit(bytes("w" + i), LONG));
        if (i == 100) {
          cluster.network.cutOff(leader.id());
        }
      }
      for (int i = 0; i < 200; i++) {
        assertThat(result(all.get(i))).isEqualTo("w" + i + "!");
      }
      cluster.network.heal(leader.id());
      String once =
          IntStream.range(0, 200).mapToObj(i -> "w" + i + " ").collect(Collectors.joining());
      assertThat(words(follower)).isEqualTo(once);
    }
  }

  @Test
  void sessionsAndTheirResultsOutliveEveryNode() {
    try (TestCluster cluster = new TestCluster(1)) {
      RaftNode node = cluster.start(1);
      Session session = open(node);
      session.submitOrThrow(bytes("a"));
      long id = session.id();
      node.close();
      RaftNode again = cluster.start(1);
      Session resumed = again.resumeSession(new Session.State(id, 1));
      assertThat(result(resumed.submit(bytes("a"), LONG))).isEqualTo("a!");
      assertThat(result(resumed.submit(bytes("c"), LONG))).isEqualTo("c!");
      assertThat(words(again)).isEqualTo("a c ");
    }
  }

  /** Pitfall 54: a table of sessions that is missing from snapshots applies again. */
  @Test
  @Tag("pitfall-54")
  void sessionsAreInSnapshots() {
    try (TestCluster cluster = new TestCluster(1).with("raft.snapshot.tail-entries", "0")) {
      RaftNode node = cluster.start(1);
      Session session = open(node);
      session.submitOrThrow(bytes("a"));
      assertThat(node.takeSnapshot(LONG).join()).isInstanceOf(SnapshotOutcome.Taken.class);
      until("compaction", () -> cluster.disk(1).baseIndex() > session.id());
      node.close();
      RaftNode again = cluster.start(1);
      Session resumed = again.resumeSession(new Session.State(session.id(), 1));
      assertThat(result(resumed.submit(bytes("a"), LONG))).isEqualTo("a!");
      assertThat(result(resumed.submit(bytes("b"), LONG))).isEqualTo("b!");
      assertThat(words(again)).isEqualTo("a b ");
      assertThat(again.openSession(LONG).join()).isInstanceOf(SessionOutcome.Opened.class);
    }
  }

  @Test
  void aSessionThatIsNotHeardOfExpiresAndOneThatIsOpenDoesNot() {
    try (TestCluster cluster = new TestCluster(1).with("raft.session.timeout", "1s")) {
      RaftNode node = cluster.start(1);
      Session idle = open(node);
      long start = System.nanoTime();
      until("three timeouts", () -> System.nanoTime() - start > 3_000_000_000L);
      assertThat(idle.isExpired()).isFalse();
      assertThat(result(idle.submit(bytes("a"), LONG))).isEqualTo("a!");
      Session never = node.resumeSession(new Session.State(9_999, 1));
      assertThat(never.submit(bytes("b"), LONG).join()).isInstanceOf(Outcome.Unknown.class);
      assertThat(never.isExpired()).isTrue();
      idle.close();
      assertThat(reason(idle.submit(bytes("c")).join())).isEqualTo(RejectReason.CLOSED);
      assertThat(words(node)).isEqualTo("a ");
    }
  }

  @Test
  void whatIsRefusedAtTheDoorLeavesItsPlaceEmpty() {
    try (TestCluster cluster = new TestCluster(1)) {
      RaftNode node = cluster.start(1);
      byte[] tooLarge = bytes("x".repeat(2 << 20));
      Session session = open(node);
      assertThat(reason(session.submit(tooLarge).join())).isEqualTo(RejectReason.TOO_LARGE);
      assertThat(result(session.submit(bytes("a"), LONG))).isEqualTo("a!");
      Session resumed = node.resumeSession(new Session.State(session.id(), 2));
      assertThat(result(resumed.submit(bytes("a"), LONG))).isEqualTo("a!");
      assertThat(resumed.submit(tooLarge).join()).isInstanceOf(Outcome.Unknown.class);
      assertThat(words(node)).isEqualTo("a ");
    }
  }

  @Test
  void aFullTableRefusesTheNewcomer() {
    try (TestCluster cluster = new TestCluster(1).with("raft.max-sessions", "2")) {
      RaftNode node = cluster.start(1);
      Session first = open(node);
      open(node);
      SessionOutcome third = node.openSession(LONG).join();
      assertThat(third).isInstanceOf(SessionOutcome.Refused.class);
      assertThat(((SessionOutcome.Refused) third).reason())
          .isEqualTo(RejectReason.TOO_MANY_SESSIONS);
      first.close();
      open(node);
    }
  }

  @Test
  void withoutAMajorityWhatWasNotHandedOverIsRejected() {
    try (TestCluster cluster = new TestCluster(3).startAll()) {
      RaftNode node = cluster.follower();
      Session session = open(node);
      session.submitOrThrow(bytes("a"));
      cluster.network.cutOff(node.id());
      until("no leader", () -> node.status().leader().isEmpty());
      assertThat(reason(session.submit(bytes("b"), Duration.ofMillis(300)).join()))
          .isEqualTo(RejectReason.NO_LEADER);
      SessionOutcome other = node.openSession(Duration.ofMillis(300)).join();
      assertThat(((SessionOutcome.Refused) other).reason()).isEqualTo(RejectReason.NO_LEADER);
      cluster.network.heal(node.id());
      assertThat(result(session.submit(bytes("c"), LONG))).isEqualTo("c!");
      assertThat(words(node)).isEqualTo("a c ");
    }
  }

  @Test
  void closingTheNodeEndsWhatIsUnderWay() {
    try (TestCluster cluster = new TestCluster(3).startAll()) {
      RaftNode node = cluster.follower();
      Session session = open(node);
      cluster.network.cutOff(node.id());
      List<CompletableFuture<Outcome>> all = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        all.add(session.submit(bytes("w" + i), LONG));
      }
      CompletableFuture<SessionOutcome> opening = node.openSession(LONG);
      node.close();
      all.forEach(end -> assertThat(end.join()).isNotInstanceOf(Outcome.Applied.class));
      assertThat(opening.join()).isInstanceOf(SessionOutcome.Refused.class);
      assertThat(reason(session.submit(bytes("x")).join())).isEqualTo(RejectReason.CLOSED);
      session.close();
      assertThatThrownBy(() -> node.resumeSession(session.state()))
          .isInstanceOf(IllegalStateException.class);
    }
  }
}
