package dev.quorate.raft.engine.runtime;

import static dev.quorate.raft.engine.runtime.Register.bytes;
import static dev.quorate.raft.engine.runtime.Register.text;
import static dev.quorate.raft.engine.runtime.TestCluster.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.raft.api.NodeCondition;
import dev.quorate.raft.api.RaftNode;
import dev.quorate.raft.api.Snapshot;
import dev.quorate.raft.api.SnapshotOutcome;
import dev.quorate.raft.api.storage.SnapshotId;
import dev.quorate.raft.engine.disk.MemorySnapshots;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Taking snapshots, on real threads. */
@Timeout(60)
class SnapshotTest {

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private static String words(RaftNode node) {
    return text(node.read(bytes(""), PATIENCE).join().value());
  }

  private static SnapshotOutcome.Taken take(RaftNode node) {
    SnapshotOutcome outcome = node.takeSnapshot(PATIENCE).join();
    assertThat(outcome).isInstanceOf(SnapshotOutcome.Taken.class);
    return (SnapshotOutcome.Taken) outcome;
  }

  private static String failure(SnapshotOutcome outcome) {
    assertThat(outcome).isInstanceOf(SnapshotOutcome.Failed.class);
    return ((SnapshotOutcome.Failed) outcome).message();
  }

  @Test
  void aNodeComesBackFromItsSnapshotAndTheRestOfItsLog() {
    try (TestCluster cluster = new TestCluster(1).with("raft.snapshot.tail-entries", "0")) {
      RaftNode node = cluster.start(1);
      node.submitOrThrow(bytes("a"));
      node.submitOrThrow(bytes("b"));
      SnapshotOutcome.Taken taken = take(node);
      RaftNode first = node;
      until("status", () -> first.status().snapshotIndex() == taken.index());
      node.submitOrThrow(bytes("c"));
      until("compaction", () -> cluster.disk(1).baseIndex() == taken.index());
      node.close();

      node = cluster.start(1);
      assertThat(words(node)).isEqualTo("a b c ");
      node.submitOrThrow(bytes("d"));
      assertThat(take(node).index()).isGreaterThan(taken.index());
      node.close();
      assertThat(words(cluster.start(1))).isEqualTo("a b c d ");
    }
  }

  @Test
  void bytesEntriesAndTimeAreReasons() {
    for (String reason : new String[] {"after-bytes=1KiB", "after-entries=20", "interval=50ms"}) {
      String[] pair = reason.split("=");
      try (TestCluster cluster =
          new TestCluster(1)
              .with("raft.snapshot.tail-entries", "0")
              .with("raft.snapshot." + pair[0], pair[1])) {
        RaftNode node = cluster.start(1);
        for (int i = 0; i < 40; i++) {
          node.submitOrThrow(bytes("w" + i));
        }
        until(reason, () -> node.status().snapshotIndex() > 0 && cluster.disk(1).baseIndex() > 0);
      }
    }
  }

  @Test
  void onlyTheNewestAreKept() {
    try (TestCluster cluster = new TestCluster(1).with("raft.snapshot.keep", "2")) {
      RaftNode node = cluster.start(1);
      long newest = 0;
      for (int i = 0; i < 5; i++) {
        node.submitOrThrow(bytes("w" + i));
        newest = take(node).index();
      }
      assertThat(cluster.disk(1).snapshots().list()).hasSize(2);
      assertThat(cluster.disk(1).snapshots().list().get(0).index()).isEqualTo(newest);
    }
  }

  @Test
  void aFullDiskCostsTheSnapshotAndNothingElse() {
    try (TestCluster cluster =
        new TestCluster(1)
            .with("raft.snapshot.after-entries", "3")
            .with("raft.snapshot.tail-entries", "0")) {
      RaftNode node = cluster.start(1);
      cluster.disk(1).snapshots().full(true);
      for (int i = 0; i < 10; i++) {
        node.submitOrThrow(bytes("w" + i));
      }
      assertThat(failure(node.takeSnapshot(PATIENCE).join())).contains("no room");
      assertThat(node.status().condition()).isInstanceOf(NodeCondition.Working.class);
      assertThat(cluster.disk(1).baseIndex()).isZero();
      cluster.disk(1).snapshots().full(false);
      until("another attempt", () -> cluster.disk(1).baseIndex() > 0);
    }
  }

  @Test
  void aStateMachineWithoutSnapshotsSaysSo() {
    class Bare extends Register {
      @Override
      public Optional<Snapshot> capture() {
        return Optional.empty();
      }
    }
    try (TestCluster cluster =
        new TestCluster(1, Bare::new).with("raft.snapshot.after-entries", "1")) {
      RaftNode node = cluster.start(1);
      node.submitOrThrow(bytes("a"));
      assertThat(failure(node.takeSnapshot(PATIENCE).join()))
          .isEqualTo("the state machine has no snapshots");
      node.submitOrThrow(bytes("b"));
      assertThat(cluster.disk(1).snapshots().list()).isEmpty();
    }
  }

  @Test
  void commandsAreAppliedWhileASnapshotIsWritten() throws InterruptedException {
    CountDownLatch writing = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    class Slow extends Register {
      @Override
      public Optional<Snapshot> capture() {
        Snapshot state = super.capture().orElseThrow();
        return Optional.of(
            out -> {
              writing.countDown();
              await(goOn);
              state.writeTo(out);
            });
      }
    }
    try (TestCluster cluster =
        new TestCluster(1, Slow::new).with("raft.snapshot.tail-entries", "0")) {
      RaftNode node = cluster.start(1);
      node.submitOrThrow(bytes("a"));
      CompletableFuture<SnapshotOutcome> taken = node.takeSnapshot(PATIENCE);
      writing.await();
      node.submitOrThrow(bytes("b"));
      assertThat(words(node)).isEqualTo("a b ");
      assertThat(taken).isNotDone();
      goOn.countDown();
      assertThat(taken.join()).isInstanceOf(SnapshotOutcome.Taken.class);
      node.close();
      assertThat(words(cluster.start(1))).isEqualTo("a b ");
    }
  }

  @Test
  void aNodeThatClosesDoesNotWaitForASnapshotToBeWritten() {
    class Endless extends Register {
      @Override
      public Optional<Snapshot> capture() {
        return Optional.of(
            out -> {
              while (true) {
                out.write(1);
                out.flush();
              }
            });
      }
    }
    TestCluster cluster = new TestCluster(1, Endless::new);
    cluster.disk(1).snapshots().full(false);
    RaftNode node = cluster.start(1);
    node.submitOrThrow(bytes("a"));
    CompletableFuture<SnapshotOutcome> taken = node.takeSnapshot(Duration.ofMillis(50));
    assertThat(failure(taken.join())).contains("deadline");
    cluster.close();
    assertThat(cluster.disk(1).snapshots().list()).isEmpty();
  }

  @Test
  void aCompactedLogWithoutItsSnapshotIsNotServed() {
    try (TestCluster cluster = new TestCluster(1).with("raft.snapshot.tail-entries", "0")) {
      RaftNode node = cluster.start(1);
      node.submitOrThrow(bytes("a"));
      take(node);
      until("compaction", () -> cluster.disk(1).baseIndex() > 0);
      node.close();
      cluster.disk(1).snapshots().lose();
      RaftNode again = cluster.start(1);
      until("the fault", () -> again.status().condition() instanceof NodeCondition.Degraded);
      assertThat(((NodeCondition.Degraded) again.status().condition()).message())
          .contains("no readable snapshot");
    }
  }

  /** Damage in the middle of the newest shows before the state machine has seen any of it. */
  @Test
  void anOlderSnapshotTakesTheDamagedOnesPlaceIfTheLogGoesOnFromIt() {
    try (TestCluster cluster =
        new TestCluster(1)
            .with("raft.snapshot.tail-entries", "4")
            .with("raft.snapshot.keep", "2")) {
      RaftNode node = cluster.start(1);
      for (String word : List.of("a", "b", "c", "d", "e", "f")) {
        node.submitOrThrow(bytes(word));
      }
      long older = take(node).index();
      node.submitOrThrow(bytes("g"));
      take(node);
      node.submitOrThrow(bytes("h"));
      until("compaction", () -> cluster.disk(1).baseIndex() > 0);
      node.close();
      assertThat(cluster.disk(1).baseIndex()).isLessThanOrEqualTo(older);

      SnapshotId newest = damageNewest(cluster);
      node = cluster.start(1);
      assertThat(node.status().snapshotIndex()).isEqualTo(older);
      assertThat(words(node)).isEqualTo("a b c d e f g h ");
      node.submitOrThrow(bytes("i"));
      long next = take(node).index();
      assertThat(cluster.disk(1).snapshots().list())
          .extracting(SnapshotId::index)
          .as("the damaged one is kept, and takes no sound one's place")
          .containsExactly(next, newest.index(), older);
      node.close();
      assertThat(words(cluster.start(1))).isEqualTo("a b c d e f g h i ");
    }
  }

  @Test
  void aWholeLogNeedsNoSnapshot() {
    try (TestCluster cluster = new TestCluster(1)) {
      RaftNode node = cluster.start(1);
      node.submitOrThrow(bytes("a"));
      take(node);
      node.submitOrThrow(bytes("b"));
      node.close();
      damageNewest(cluster);
      node = cluster.start(1);
      assertThat(node.status().snapshotIndex()).isZero();
      assertThat(words(node)).isEqualTo("a b ");
    }
  }

  @Test
  void aSnapshotThatCannotBeReadIsAsGoodAsDamaged() {
    try (TestCluster cluster = new TestCluster(1)) {
      RaftNode node = cluster.start(1);
      node.submitOrThrow(bytes("a"));
      take(node);
      node.close();
      cluster.disk(1).snapshots().spoil(cluster.disk(1).snapshots().list().get(0));
      node = cluster.start(1);
      assertThat(node.status().snapshotIndex()).isZero();
      assertThat(words(node)).isEqualTo("a ");
    }
  }

  @Test
  void aSnapshotThatCannotBeReadAndNothingCanReplaceIsNamed() {
    try (TestCluster cluster = new TestCluster(1).with("raft.snapshot.tail-entries", "0")) {
      RaftNode node = cluster.start(1);
      node.submitOrThrow(bytes("a"));
      take(node);
      until("compaction", () -> cluster.disk(1).baseIndex() > 0);
      node.close();
      SnapshotId only = cluster.disk(1).snapshots().list().get(0);
      cluster.disk(1).snapshots().spoil(only);
      RaftNode again = cluster.start(1);
      assertThat(((NodeCondition.Degraded) again.status().condition()).message())
          .contains("no readable snapshot")
          .contains("goes with it: cannot read " + only + ". The node does not serve.")
          .contains("start the node again");
    }
  }

  @Test
  void aDamagedSnapshotThatNothingCanReplaceIsNotServedAndIsKept() {
    try (TestCluster cluster = new TestCluster(1).with("raft.snapshot.tail-entries", "0")) {
      RaftNode node = cluster.start(1);
      node.submitOrThrow(bytes("a"));
      take(node);
      node.submitOrThrow(bytes("b"));
      take(node);
      until("compaction", () -> cluster.disk(1).baseIndex() > 0);
      node.close();
      SnapshotId newest = damageNewest(cluster);
      RaftNode again = cluster.start(1);
      until("the fault", () -> again.status().condition() instanceof NodeCondition.Degraded);
      assertThat(((NodeCondition.Degraded) again.status().condition()).message())
          .contains("could not be restored from the snapshot at " + newest.index())
          .contains("is damaged");
      assertThat(cluster.disk(1).snapshots().list()).contains(newest);
    }
  }

  @Test
  void aStateThatCannotBeRestoredIsNotServed() {
    class Forgetful extends Register {
      @Override
      public void restore(InputStream in) throws IOException {
        throw new IOException("told to");
      }
    }
    try (TestCluster cluster = new TestCluster(1, Forgetful::new)) {
      RaftNode node = cluster.start(1);
      node.submitOrThrow(bytes("a"));
      take(node);
      node.close();
      RaftNode again = cluster.start(1);
      until("the fault", () -> again.status().condition() instanceof NodeCondition.Degraded);
      assertThat(((NodeCondition.Degraded) again.status().condition()).message())
          .contains("could not be restored")
          .contains("told to");
    }
  }

  /** Its last byte is not what it was: whoever reads only its beginning finds nothing wrong. */
  private static SnapshotId damageNewest(TestCluster cluster) {
    MemorySnapshots snapshots = cluster.disk(1).snapshots();
    SnapshotId newest = snapshots.list().get(0);
    snapshots.damage(newest, newest.length() - 1);
    return newest;
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new UncheckedIOException(new IOException(e));
    }
  }
}
