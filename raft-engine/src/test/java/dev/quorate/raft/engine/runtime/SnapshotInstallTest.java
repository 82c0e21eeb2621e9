package dev.quorate.raft.engine.runtime;

import static dev.quorate.raft.engine.runtime.Register.bytes;
import static dev.quorate.raft.engine.runtime.Register.text;
import static dev.quorate.raft.engine.runtime.TestCluster.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.raft.api.NodeCondition;
import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.PeerStatus;
import dev.quorate.raft.api.RaftNode;
import dev.quorate.raft.api.SnapshotOutcome;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A follower that was away for too long is brought on by a snapshot, on real threads. */
@Timeout(120)
class SnapshotInstallTest {

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private static TestCluster cluster() {
    return new TestCluster(3)
        .with("raft.snapshot.tail-entries", "0")
        .with("raft.snapshot.max-bytes-per-second", "64KiB");
  }

  private static int number(RaftNode node) {
    return Integer.parseInt(node.id().value().substring(1));
  }

  private static void submit(RaftNode node, int count, int length) {
    for (int i = 0; i < count; i++) {
      node.submit(bytes("x".repeat(length)), PATIENCE).join().resultOrThrow();
    }
  }

  private static long take(RaftNode node) {
    SnapshotOutcome outcome = node.takeSnapshot(PATIENCE).join();
    assertThat(outcome).isInstanceOf(SnapshotOutcome.Taken.class);
    return ((SnapshotOutcome.Taken) outcome).index();
  }

  private static String words(RaftNode node) {
    return text(node.read(bytes(""), PATIENCE).join().value());
  }

  private static PeerStatus.State state(RaftNode leader, NodeId peer) {
    return leader.status().peers().stream()
        .filter(status -> status.node().equals(peer))
        .map(PeerStatus::state)
        .findFirst()
        .orElseThrow();
  }

  /** A cluster with a follower that is down, and whose log's next entries no node has any more. */
  private static int fallBehind(TestCluster cluster, int count, int length) {
    cluster.startAll();
    RaftNode follower = cluster.follower();
    int away = number(follower);
    submit(cluster.leader(), 3, 1);
    follower.close();
    for (int i : IntStream.rangeClosed(1, 3).filter(i -> i != away).toArray()) {
      // Leaders may have changed while the follower went.
      submit(cluster.node(i), count, length);
    }
    List<Integer> others = IntStream.rangeClosed(1, 3).filter(i -> i != away).boxed().toList();
    for (int i : others) {
      RaftNode node = cluster.node(i);
      words(node);
      take(node);
      until("compaction", () -> cluster.disk(i).baseIndex() > 3);
    }
    return away;
  }

  @Test
  void aFollowerThatWasAwayIsCaughtUpByASnapshot() {
    try (TestCluster cluster = cluster()) {
      int away = fallBehind(cluster, 5, 10);
      RaftNode back = cluster.start(away);
      assertThat(words(back)).isEqualTo(words(cluster.leader()));
      until("the install", () -> cluster.disk(away).baseIndex() > 3);
      submit(back, 2, 1);
      assertThat(words(back)).endsWith("x x ");
      back.close();
      RaftNode again = cluster.start(away);
      assertThat(words(again)).endsWith("x x ");
    }
  }

  @Test
  void aTransferThatIsCutGoesOn() {
    try (TestCluster cluster = cluster()) {
      int away = fallBehind(cluster, 20, 5_000);
      RaftNode back = cluster.start(away);
      RaftNode leader = cluster.leader();
      until(
          "the transfer",
          () -> state(cluster.leader(), back.id()) == PeerStatus.State.SNAPSHOTTING);
      int before = cluster.disk(number(leader)).snapshots().reads();
      until("some of it", () -> cluster.disk(number(leader)).snapshots().reads() > before + 4);
      cluster.network.cutOff(back.id());
      cluster.network.heal(back.id());
      assertThat(words(back)).isEqualTo(words(cluster.leader()));
    }
  }

  @Test
  void aNewLeaderInTheMiddleLosesNothing() {
    try (TestCluster cluster = cluster()) {
      int away = fallBehind(cluster, 20, 5_000);
      RaftNode back = cluster.start(away);
      until(
          "the transfer",
          () -> state(cluster.leader(), back.id()) == PeerStatus.State.SNAPSHOTTING);
      RaftNode old = cluster.leader();
      NodeId heir =
          old.status().voters().stream()
              .filter(id -> !id.equals(old.id()) && !id.equals(back.id()))
              .findFirst()
              .orElseThrow();
      old.transferLeadership(heir, PATIENCE).join();
      submit(cluster.leader(), 2, 1);
      assertThat(words(back)).endsWith("x x ");
    }
  }

  @Test
  @Tag("pitfall-40")
  void aCrashInTheMiddleBeginsAnew() {
    try (TestCluster cluster = cluster()) {
      int away = fallBehind(cluster, 10, 5_000);
      RaftNode back = cluster.start(away);
      until(
          "the transfer",
          () -> state(cluster.leader(), back.id()) == PeerStatus.State.SNAPSHOTTING);
      back.close();
      RaftNode again = cluster.start(away);
      assertThat(words(again)).isEqualTo(words(cluster.leader()));
    }
  }

  @Test
  void aFullDiskDelaysAnInstall() {
    try (TestCluster cluster = cluster()) {
      int away = fallBehind(cluster, 5, 10);
      cluster.disk(away).snapshots().full(true);
      RaftNode back = cluster.start(away);
      until(
          "the transfer",
          () -> state(cluster.leader(), back.id()) == PeerStatus.State.SNAPSHOTTING);
      assertThat(back.status().condition()).isInstanceOf(NodeCondition.Working.class);
      cluster.disk(away).snapshots().full(false);
      assertThat(words(back)).isEqualTo(words(cluster.leader()));
    }
  }
}
