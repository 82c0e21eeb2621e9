package dev.quorate.examples.nodes;

import static dev.quorate.examples.nodes.RealNodes.PATIENCE;
import static dev.quorate.examples.nodes.RealNodes.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.raft.api.Membership;
import dev.quorate.raft.api.MembershipChange;
import dev.quorate.raft.api.MembershipChange.AddLearner;
import dev.quorate.raft.api.MembershipOutcome;
import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.PeerStatus;
import dev.quorate.raft.api.RaftNode;
import dev.quorate.raft.api.config.Settings;
import dev.quorate.raft.api.metrics.Metric;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How a snapshot comes to a newcomer, over real sockets and from file to file. */
@Timeout(180)
class SnapshotTransferTest {

  private static final int KIB = 1024;

  /** Nothing of the log stays, so that a newcomer needs the snapshot. */
  private static final Settings NO_TAIL = Settings.empty().with("raft.snapshot.tail-entries", "0");

  private static final NodeId N2 = NodeId.of("n2");

  @TempDir private Path directory;

  private static Settings bytesPerSecond(long bytes) {
    return NO_TAIL.with("raft.snapshot.max-bytes-per-second", Long.toString(bytes));
  }

  /** How much of a snapshot a node has got since it was started. */
  private static long fetched(RealNodes nodes, String id) {
    return nodes.measured(id).totals().greatest(Metric.SNAPSHOT_FETCHED_BYTES);
  }

  private static boolean hasFetched(RealNodes nodes, String id) {
    return nodes.measured(id).totals().sum(Metric.SNAPSHOTS_FETCHED) > 0;
  }

  private static long served(RealNodes nodes, String id) {
    return nodes.measured(id).totals().sum(Metric.SNAPSHOT_SERVED_BYTES);
  }

  /**
   * The newcomer is to be a voter, which its leader shows; it fetches no faster than it may; and it
   * does not begin again although its source is gone in the middle and comes back.
   */
  @Test
  void aTransferThatIsCutGoesOnWhereItWas() throws IOException {
    int rate = 256 * KIB;
    try (RealNodes nodes = new RealNodes(directory, "n1", "n2")) {
      nodes.found(NO_TAIL, "n1");
      nodes.fill(nodes.node("n1"), 1, 2 * rate);
      nodes.start("n2", bytesPerSecond(rate));
      long began = System.nanoTime();
      nodes.node("n1").membership().addMember(N2, PATIENCE);
      until("a part of the snapshot", () -> fetched(nodes, "n2") >= rate / 2);
      Membership during = nodes.node("n1").status().membership();
      assertThat(during.phase()).isEqualTo(Membership.Phase.CATCHING_UP);
      assertThat(during.catchUps())
          .singleElement()
          .satisfies(
              progress -> {
                assertThat(progress.node()).isEqualTo(N2);
                assertThat(progress.round()).isPositive();
                assertThat(progress.matchIndex()).isLessThan(progress.targetIndex());
              });
      until("the leader to know of a part", () -> ofN2(nodes).snapshotBytes() > 0);
      assertThat(ofN2(nodes))
          .satisfies(
              peer -> {
                assertThat(peer.state()).isEqualTo(PeerStatus.State.SNAPSHOTTING);
                assertThat(peer.snapshotBytes()).isLessThan(peer.snapshotLength());
                assertThat(peer.snapshotLength()).isGreaterThan(2L * rate);
              });

      nodes.stop("n1");
      assertThat(hasFetched(nodes, "n2")).as("cut in the middle").isFalse();
      nodes.start("n1", NO_TAIL);
      until("the whole snapshot", () -> hasFetched(nodes, "n2"));

      double seconds = (System.nanoTime() - began) / 1e9;
      long length = nodes.measured("n2").totals().greatest(Metric.SNAPSHOT_LENGTH_BYTES);
      assertThat(length).isGreaterThan(2L * rate);
      // The first part may be asked for at once, each other when those before have had their time.
      assertThat(seconds).isGreaterThanOrEqualTo((length - rate / 8.0) / rate);
      assertThat(nodes.measured("n2").fetched().stream().filter(bytes -> bytes > 0))
          .as("never less than there was")
          .isSorted();
      until("a voter", () -> nodes.node("n1").status().voters().contains(N2));
      until("nobody who catches up", () -> membership(nodes).catchUps().isEmpty());
      assertThat(RealNodes.length(nodes.node("n2"), "key0")).isEqualTo(2 * rate);
    }
  }

  private static PeerStatus ofN2(RealNodes nodes) {
    return nodes.node("n1").status().peers().stream()
        .filter(peer -> peer.node().equals(N2))
        .findFirst()
        .orElseThrow();
  }

  private static Membership membership(RealNodes nodes) {
    return nodes.node("n1").status().membership();
  }

  /**
   * The leader serves two slow newcomers, so that it sends the third to a member that has fetched
   * the same snapshot before.
   */
  @Test
  void aNewcomerFetchesFromAFollowerWhileTheLeaderServesOthers() throws IOException {
    try (RealNodes nodes = new RealNodes(directory, "n1", "n2", "n3", "n4", "n5", "n6", "n7")) {
      nodes.found(NO_TAIL, "n1");
      RaftNode leader = nodes.node("n1");
      nodes.fill(leader, 3, 600 * KIB);
      nodes.start("n2", NO_TAIL);
      nodes.start("n3", bytesPerSecond(64 * KIB));
      nodes.start("n4", bytesPerSecond(64 * KIB));
      addLearners(leader, "n2", "n3", "n4");
      until("the first to have it, and to follow", () -> follows(leader, "n2"));
      until("two at the leader", () -> fetched(nodes, "n3") > 0 && fetched(nodes, "n4") > 0);
      assertThat(served(nodes, "n2")).isZero();

      // On a machine that is busy the first may have been silent for long enough not to be named.
      for (String newcomer : List.of("n5", "n6", "n7")) {
        if (served(nodes, "n2") == 0) {
          nodes.start(newcomer, NO_TAIL);
          addLearners(leader, newcomer);
          until(newcomer + " to have it", () -> follows(leader, newcomer));
          assertThat(RealNodes.length(nodes.node(newcomer), "key2")).isEqualTo(600 * KIB);
        }
      }
      assertThat(served(nodes, "n2")).isGreaterThan(3 * 600 * KIB);
    }
  }

  private static void addLearners(RaftNode leader, String... ids) {
    List<MembershipChange> wishes =
        Stream.of(ids).<MembershipChange>map(id -> new AddLearner(NodeId.of(id))).toList();
    assertThat(leader.membership().change(wishes, PATIENCE).join())
        .isInstanceOf(MembershipOutcome.Changed.class);
  }

  /** Whether a member has the snapshot and gets entries. */
  private static boolean follows(RaftNode leader, String id) {
    return leader.status().peers().stream()
        .anyMatch(
            peer ->
                peer.node().value().equals(id)
                    && peer.matchIndex() >= leader.status().snapshotIndex()
                    && peer.state() == PeerStatus.State.PIPELINING);
  }
}
