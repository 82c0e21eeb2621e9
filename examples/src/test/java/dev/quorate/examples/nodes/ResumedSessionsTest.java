package dev.quorate.examples.nodes;

import static dev.quorate.examples.nodes.RealNodes.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.examples.keyvalue.KeyValueStore;
import dev.quorate.raft.api.Outcome;
import dev.quorate.raft.api.RaftNode;
import dev.quorate.raft.api.RejectReason;
import dev.quorate.raft.api.Session;
import dev.quorate.raft.api.SessionOutcome;
import dev.quorate.raft.api.config.Settings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Sessions that outlive their process and their node, over real sockets and with real files. */
@Timeout(180)
class ResumedSessionsTest {

  @TempDir private Path directory;

  /** A put gives the value before it, so that the first result tells a repetition from a first. */
  private static String before(Outcome outcome) {
    assertThat(outcome).isInstanceOf(Outcome.Applied.class);
    return KeyValueStore.value(outcome.resultOrThrow()).orElse("nothing");
  }

  private static RejectReason rejected(Outcome outcome) {
    assertThat(outcome).isInstanceOf(Outcome.Rejected.class);
    return ((Outcome.Rejected) outcome).reason();
  }

  /** The node through which it was opened is gone, and so is what its process knew. */
  @Test
  void aSessionGoesOnThroughAnotherNodeAndRepetitionsGetTheirFirstResults() throws IOException {
    try (RealNodes nodes = new RealNodes(directory, "n1", "n2", "n3")) {
      nodes.found(Settings.empty(), "n1", "n2", "n3");
      Session session = nodes.node("n1").openSession(PATIENCE).join().orThrow();
      assertThat(before(session.submit(KeyValueStore.put("a", "1"), PATIENCE).join()))
          .isEqualTo("nothing");
      assertThat(before(session.submit(KeyValueStore.put("a", "2"), PATIENCE).join()))
          .isEqualTo("1");
      assertThat(session.state()).isEqualTo(new Session.State(session.id(), 3));
      session.leave();
      nodes.stop("n1");

      // It wrote down its second command, and does not know whether that was applied.
      Session resumed = nodes.node("n2").resumeSession(new Session.State(session.id(), 2));
      assertThat(before(resumed.submit(KeyValueStore.put("a", "2"), PATIENCE).join()))
          .as("the first result")
          .isEqualTo("1");
      assertThat(before(resumed.submit(KeyValueStore.put("a", "3"), PATIENCE).join()))
          .isEqualTo("2");

      resumed.close();
      RaftNode n3 = nodes.node("n3");
      Session.Place place = new Session.Place(session.id(), 2, 1);
      assertThat(rejected(n3.attempt(place, KeyValueStore.put("a", "2"), PATIENCE).join()))
          .as("a repetition after the end")
          .isEqualTo(RejectReason.SESSION_EXPIRED);
      // An earlier process may have submitted it before that: it is not known here.
      Session ended = n3.resumeSession(new Session.State(session.id(), 4));
      assertThat(ended.submit(KeyValueStore.put("a", "text"), PATIENCE).join())
          .isInstanceOf(Outcome.Unknown.class);
      assertThat(ended.isExpired()).isTrue();
      assertThat(RealNodes.length(n3, "a")).as("nothing more was applied").isEqualTo(1);
    }
  }

  /** A server whose own client numbers its commands makes attempts through whichever node. */
  @Test
  void attemptsAreAppliedOnceThroughWhicheverNodeAndInOrder() throws IOException {
    try (RealNodes nodes = new RealNodes(directory, "n1", "n2", "n3")) {
      nodes.found(Settings.empty(), "n1", "n2", "n3");
      Session session = nodes.node("n1").openSession(PATIENCE).join().orThrow();
      session.leave();
      byte[] first = KeyValueStore.put("a", "1");
      byte[] second = KeyValueStore.put("a", "2");
      byte[] third = KeyValueStore.put("a", "3");

      for (RaftNode node : nodes.all()) {
        Session.Place place = new Session.Place(session.id(), 1, 0);
        assertThat(before(node.attempt(place, first, PATIENCE).join())).isEqualTo("nothing");
      }
      Session.Place early = new Session.Place(session.id(), 3, 0);
      assertThat(rejected(nodes.node("n2").attempt(early, third, PATIENCE).join()))
          .isEqualTo(RejectReason.OUT_OF_ORDER);
      for (RaftNode node : nodes.all()) {
        Session.Place place = new Session.Place(session.id(), 2, 0);
        assertThat(before(node.attempt(place, second, PATIENCE).join())).isEqualTo("1");
      }
      Session.Place taken = new Session.Place(session.id(), 2, 0);
      assertThat(rejected(nodes.node("n3").attempt(taken, third, PATIENCE).join()))
          .isEqualTo(RejectReason.SEQUENCE_REUSED);
    }
  }

  /** All are stopped, and with them every process that knew of it; the log and snapshots know. */
  @Test
  void aSessionSurvivesTheRestartOfAllNodesFromSnapshots() throws IOException {
    Settings noTail = Settings.empty().with("raft.snapshot.tail-entries", "0");
    try (RealNodes nodes = new RealNodes(directory, "n1", "n2", "n3")) {
      nodes.found(noTail, "n1", "n2", "n3");
      Session session = nodes.node("n1").openSession(PATIENCE).join().orThrow();
      session.submit(KeyValueStore.put("a", "1"), PATIENCE).join().resultOrThrow();
      session.submit(KeyValueStore.put("a", "2"), PATIENCE).join().resultOrThrow();
      session.leave();
      for (RaftNode node : nodes.all()) {
        RealNodes.length(node, "a");
        node.takeSnapshot(PATIENCE).join();
      }
      for (String id : new String[] {"n1", "n2", "n3"}) {
        nodes.stop(id);
      }
      for (String id : new String[] {"n1", "n2", "n3"}) {
        nodes.start(id, noTail);
      }

      Session resumed = nodes.node("n3").resumeSession(new Session.State(session.id(), 2));
      assertThat(before(resumed.submit(KeyValueStore.put("a", "2"), PATIENCE).join()))
          .as("the first result")
          .isEqualTo("1");
    }
  }

  @Test
  void thereAreNoMoreThanThereMayBeAndThoseThatAreSilentExpire() throws IOException {
    Settings few =
        Settings.empty().with("raft.max-sessions", "1").with("raft.session.timeout", "1s");
    try (RealNodes nodes = new RealNodes(directory, "n1")) {
      nodes.found(few, "n1");
      RaftNode n1 = nodes.node("n1");
      Session first = n1.openSession(PATIENCE).join().orThrow();
      assertThat(n1.openSession(PATIENCE).join())
          .isInstanceOfSatisfying(
              SessionOutcome.Refused.class,
              refused -> assertThat(refused.reason()).isEqualTo(RejectReason.TOO_MANY_SESSIONS));

      first.leave();

      RealNodes.until(
          "another to have its place",
          () -> n1.openSession(Duration.ofSeconds(5)).join() instanceof SessionOutcome.Opened);
      Session.Place place = new Session.Place(first.id(), 1, 0);
      assertThat(rejected(n1.attempt(place, KeyValueStore.put("a", "1"), PATIENCE).join()))
          .isEqualTo(RejectReason.SESSION_EXPIRED);
      assertThat(RealNodes.length(n1, "a")).isZero();
    }
  }
}
