package dev.quorate.raft.engine.core;

import static dev.quorate.raft.engine.core.CoreDriver.MILLI;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.raft.api.SnapshotOutcome;
import dev.quorate.raft.api.storage.SnapshotId;
import dev.quorate.raft.engine.core.Effects.Completion;
import dev.quorate.raft.engine.core.Effects.SnapshotTask;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class CompactionTest {

  private static final SnapshotTask CAPTURE = new SnapshotTask.Capture();

  /** A single node that leads and has applied entries 1 (bootstrap) and 2 (no-op). */
  private static CoreDriver alone(SnapshotSettings settings) {
    CoreDriver n1 = CoreDriver.voters(1).snapshots(settings).stand().persist();
    assertThat(n1.view().appliedIndex()).isEqualTo(2);
    return n1;
  }

  private static void commands(CoreDriver n1, int count) {
    for (int i = 0; i < count; i++) {
      n1.command(i);
      n1.persist();
    }
  }

  @Test
  void noneIsTakenUnlessThereIsAReason() {
    CoreDriver n1 = alone(SnapshotSettings.ON_DEMAND);
    commands(n1, 20);
    n1.pass(100_000_000);
    n1.beat();
    assertThat(n1.takeSnapshotTasks()).isEmpty();
  }

  @Test
  void manyEntriesAreAReason() {
    CoreDriver n1 = alone(new SnapshotSettings(0, 5, 0, 0, 0));
    commands(n1, 2);
    assertThat(n1.takeSnapshotTasks()).isEmpty();
    commands(n1, 1);
    n1.beat();
    assertThat(n1.takeSnapshotTasks()).containsExactly(CAPTURE);
    commands(n1, 10);
    assertThat(n1.takeSnapshotTasks()).as("one at a time").isEmpty();
    n1.taken();
    commands(n1, 4);
    assertThat(n1.takeSnapshotTasks()).isEmpty();
    commands(n1, 2);
    assertThat(n1.takeSnapshotTasks()).containsExactly(CAPTURE);
  }

  @Test
  void manyBytesAreAReason() {
    CoreDriver n1 = alone(new SnapshotSettings(500, 0, 0, 0, 0));
    commands(n1, 2);
    assertThat(n1.takeSnapshotTasks()).isEmpty();
    commands(n1, 4);
    assertThat(n1.takeSnapshotTasks()).containsExactly(CAPTURE);
    n1.taken();
    commands(n1, 2);
    assertThat(n1.takeSnapshotTasks()).isEmpty();
    commands(n1, 4);
    assertThat(n1.takeSnapshotTasks()).containsExactly(CAPTURE);
  }

  @Test
  void timeIsAReasonIfAnythingWasApplied() {
    CoreDriver n1 = alone(new SnapshotSettings(0, 0, 1_000 * MILLI, 0, 0));
    n1.pass(1_000);
    n1.beat();
    assertThat(n1.takeSnapshotTasks()).containsExactly(CAPTURE);
    n1.taken();
    n1.persist();
    n1.pass(10_000);
    n1.beat();
    assertThat(n1.takeSnapshotTasks()).isEmpty();
    commands(n1, 1);
    n1.beat();
    assertThat(n1.takeSnapshotTasks()).containsExactly(CAPTURE);
  }

  @Test
  void aCallGetsASnapshotOfWhatWasCommittedWhenItCame() {
    CoreDriver n1 = alone(SnapshotSettings.ON_DEMAND);
    n1.wantSnapshot(7);
    assertThat(n1.takeSnapshotTasks()).containsExactly(CAPTURE);
    commands(n1, 1);
    n1.takeCompletions();
    n1.wantSnapshot(8);
    StoredSnapshot first = n1.snapshot(2, 1);
    n1.taken(first);
    assertThat(n1.takeCompletions())
        .containsExactly(new Completion.Snapshot(7, new SnapshotOutcome.Taken(2, 1_000)));
    assertThat(n1.takeSnapshotTasks()).as("another one for call 8").containsExactly(CAPTURE);
    n1.taken();
    assertThat(n1.takeCompletions())
        .containsExactly(new Completion.Snapshot(8, new SnapshotOutcome.Taken(3, 1_000)));
    n1.wantSnapshot(9);
    assertThat(n1.takeCompletions())
        .as("nothing was applied since")
        .containsExactly(new Completion.Snapshot(9, new SnapshotOutcome.Taken(3, 1_000)));
    assertThat(n1.view().snapshotIndex()).isEqualTo(3);
  }

  /** A command's result reaches its caller before the core hears that it was applied. */
  @Test
  void aCallGetsWhatWasCommittedEvenIfItsApplyingWasNotHeardOfYet() {
    CoreDriver n1 = alone(SnapshotSettings.ON_DEMAND);
    n1.wantSnapshot(7);
    n1.taken();
    n1.takeSnapshotTasks();
    n1.takeCompletions();
    n1.holdApplies();
    commands(n1, 1);
    assertThat(n1.view().commitIndex()).isEqualTo(3);

    n1.wantSnapshot(8);
    assertThat(n1.takeCompletions()).as("the snapshot at 2 lacks the command").isEmpty();
    assertThat(n1.takeSnapshotTasks()).isEmpty();
    n1.applied(3);
    assertThat(n1.takeSnapshotTasks()).containsExactly(CAPTURE);
    n1.taken();
    assertThat(n1.takeCompletions())
        .containsExactly(new Completion.Snapshot(8, new SnapshotOutcome.Taken(3, 1_000)));
  }

  @Test
  void aFailureIsToldAndTriedAgainAfterPausesThatGrow() {
    CoreDriver n1 = alone(new SnapshotSettings(0, 1, 0, 0, 0));
    n1.beat();
    assertThat(n1.takeSnapshotTasks()).containsExactly(CAPTURE);
    n1.wantSnapshot(7);
    n1.snapshotFails("no room", false);
    assertThat(n1.takeCompletions())
        .containsExactly(new Completion.Snapshot(7, new SnapshotOutcome.Failed("no room")));
    n1.wakeAfter(900);
    assertThat(n1.takeSnapshotTasks()).isEmpty();
    n1.wakeAfter(200);
    assertThat(n1.takeSnapshotTasks()).containsExactly(CAPTURE);
    n1.snapshotFails("no room", false);
    n1.wakeAfter(1_900);
    assertThat(n1.takeSnapshotTasks()).isEmpty();
    n1.wakeAfter(200);
    assertThat(n1.takeSnapshotTasks()).containsExactly(CAPTURE);
    n1.taken();
    assertThat(n1.log().baseIndex()).isEqualTo(2);
  }

  @Test
  void aStateMachineWithoutSnapshotsIsAskedOnce() {
    CoreDriver n1 = alone(new SnapshotSettings(0, 1, 0, 0, 0));
    n1.beat();
    n1.takeSnapshotTasks();
    n1.snapshotFails("none", true);
    n1.wakeAfter(100_000);
    commands(n1, 10);
    assertThat(n1.takeSnapshotTasks()).isEmpty();
    assertThat(n1.log().baseIndex()).isZero();
  }

  /** A snapshot and everything in it are told to be rotten while nothing is applied. */
  private static CoreDriver damaged() {
    CoreDriver n1 = alone(SnapshotSettings.ON_DEMAND);
    n1.wantSnapshot(1);
    StoredSnapshot rotten = n1.taken();
    n1.persist();
    n1.beat();
    n1.takeSnapshotTasks();
    n1.takeCompletions();
    n1.snapshotDamaged(rotten);
    return n1;
  }

  @Test
  void aDamagedSnapshotIsReplacedAtOnceAlsoIfNothingWasApplied() {
    CoreDriver n1 = damaged();
    assertThat(n1.takeSnapshotTasks()).containsExactly(CAPTURE);
    n1.wantSnapshot(2);
    assertThat(n1.takeCompletions()).as("none that counts is there").isEmpty();
    n1.taken(another(n1.snapshot(2, 1)));
    assertThat(n1.takeCompletions())
        .containsExactly(new Completion.Snapshot(2, new SnapshotOutcome.Taken(2, 1_000)));
    n1.wakeAfter(10_000);
    assertThat(n1.takeSnapshotTasks()).isEmpty();
    n1.snapshotDamaged(n1.snapshot(2, 1));
    assertThat(n1.takeSnapshotTasks()).as("an old one is of no concern").isEmpty();
  }

  /** A state that is written to the same bytes has the same id. */
  @Test
  void aDamagedSnapshotIsReplacedUnderItsOwnId() {
    CoreDriver n1 = damaged();
    n1.takeSnapshotTasks();
    StoredSnapshot again = n1.taken(n1.snapshot(2, 1));
    n1.wantSnapshot(2);
    assertThat(n1.takeCompletions())
        .containsExactly(new Completion.Snapshot(2, new SnapshotOutcome.Taken(2, 1_000)));
    n1.wakeAfter(10_000);
    assertThat(n1.takeSnapshotTasks()).isEmpty();
    n1.snapshotDamaged(again);
    assertThat(n1.takeSnapshotTasks()).as("once more").containsExactly(CAPTURE);
  }

  @Test
  void aDamagedSnapshotIsReplacedLaterIfNowItCannotBe() {
    CoreDriver n1 = damaged();
    n1.takeSnapshotTasks();
    n1.snapshotFails("no room", false);
    n1.wakeAfter(900);
    assertThat(n1.takeSnapshotTasks()).isEmpty();
    n1.wakeAfter(200);
    assertThat(n1.takeSnapshotTasks()).containsExactly(CAPTURE);
  }

  @Test
  void aDamagedSnapshotOfAStateMachineThatHasNoneAnyMoreStaysTheNewest() {
    CoreDriver n1 = damaged();
    n1.takeSnapshotTasks();
    n1.snapshotFails("none", true);
    n1.wakeAfter(100_000);
    assertThat(n1.takeSnapshotTasks()).isEmpty();
    n1.wantSnapshot(2);
    assertThat(n1.takeCompletions()).isEmpty();
    assertThat(n1.takeSnapshotTasks()).containsExactly(CAPTURE);
    n1.snapshotFails("none", true);
    assertThat(n1.takeCompletions())
        .containsExactly(new Completion.Snapshot(2, new SnapshotOutcome.Failed("none")));
  }

  /** What was fetched and is not restored yet cannot be captured. */
  @Test
  void nothingOlderThanTheDamagedOneIsTaken() {
    CoreDriver n1 = damaged();
    n1.takeSnapshotTasks();
    n1.snapshotFails("no room", false);
    commands(n1, 1);
    n1.wantSnapshot(2);
    n1.takeSnapshotTasks();
    n1.taken(another(n1.snapshot(1, 1)));
    assertThat(n1.view().snapshotIndex()).isEqualTo(2);
  }

  private static StoredSnapshot another(StoredSnapshot like) {
    SnapshotId id = like.id();
    return new StoredSnapshot(
        new SnapshotId(id.boot() + 1, id.index(), id.term(), id.length(), 8), like.metadata());
  }

  @Test
  void theLogBeginsBehindTheSnapshotAndItsTail() {
    CoreDriver n1 = alone(new SnapshotSettings(0, 0, 0, 3, 1_000_000));
    commands(n1, 8);
    n1.wantSnapshot(1);
    n1.taken();
    assertThat(n1.view().snapshotIndex()).isEqualTo(10);
    assertThat(n1.unforced()).hasSize(1);
    n1.persist();
    assertThat(n1.log().baseIndex()).isEqualTo(7);
    commands(n1, 1);
    assertThat(n1.view().appliedIndex()).isEqualTo(11);
  }

  @Test
  void aTailOfManyBytesIsCutToFewer() {
    CoreDriver n1 = alone(new SnapshotSettings(0, 0, 0, 1_000, 400));
    commands(n1, 10);
    n1.wantSnapshot(1);
    n1.taken();
    assertThat(n1.view().snapshotIndex()).isEqualTo(12);
    assertThat(n1.log().baseIndex()).as("four entries of 100 bytes are kept").isEqualTo(8);
  }

  @Test
  @Tag("pitfall-52")
  void aNodeGoesOnFromItsSnapshotAndWhatIsBehindIt() {
    CoreDriver n1 = alone(SnapshotSettings.ON_DEMAND);
    commands(n1, 3);
    n1.wantSnapshot(1);
    StoredSnapshot snapshot = n1.taken();
    n1.persist();
    commands(n1, 2);
    n1.takeSnapshotTasks();
    n1.applies().clear();

    n1.restart();
    assertThat(n1.takeSnapshotTasks()).containsExactly(new SnapshotTask.Restore(snapshot.id()));
    assertThat(n1.view().commitIndex()).isEqualTo(5);
    assertThat(n1.view().configuration()).isEqualTo(CoreDriver.configuration(1));
    n1.stand().persist();
    assertThat(n1.appliedIndexes()).isEqualTo(List.of(6L, 7L, 8L));
  }

  @Test
  void aNodeWhoseLogEndsWithItsSnapshotGoesOn() {
    CoreDriver n1 = alone(SnapshotSettings.ON_DEMAND);
    commands(n1, 3);
    n1.wantSnapshot(1);
    n1.taken();
    n1.persist();
    n1.restart();
    assertThat(n1.view().lastIndex()).isEqualTo(5);
    n1.stand().persist();
    assertThat(n1.view().commitIndex()).isEqualTo(6);
    assertThat(n1.log().entries().get(0).clusterTimeMillis())
        .as("cluster time goes on from the snapshot's (P11)")
        .isGreaterThanOrEqualTo(5_000);
  }

  @Test
  void aStateThatFailedIsNotCaptured() {
    CoreDriver n1 = alone(new SnapshotSettings(0, 1, 0, 0, 0));
    n1.turn((core, now, effects) -> core.onApplyFailed("broken", now, effects));
    n1.takeSnapshotTasks();
    n1.wantSnapshot(1);
    assertThat(n1.takeCompletions())
        .contains(new Completion.Snapshot(1, new SnapshotOutcome.Failed("broken")));
    n1.wakeAfter(10_000);
    assertThat(n1.takeSnapshotTasks()).isEmpty();
  }
}
