package dev.quorate.raft.engine.core;

import static dev.quorate.raft.engine.core.CoreDriver.configuration;
import static dev.quorate.raft.engine.core.CoreDriver.configurationEntry;
import static dev.quorate.raft.engine.core.CoreDriver.entries;
import static dev.quorate.raft.engine.core.CoreDriver.entry;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.Outcome;
import dev.quorate.raft.api.storage.HardState;
import dev.quorate.raft.api.storage.SnapshotId;
import dev.quorate.raft.api.storage.WriteRecord;
import dev.quorate.raft.engine.core.Effects.Completion;
import dev.quorate.raft.engine.core.Effects.SnapshotTask;
import dev.quorate.raft.engine.message.Configuration;
import dev.quorate.raft.engine.message.Holder;
import dev.quorate.raft.engine.message.Message.AppendAccepted;
import dev.quorate.raft.engine.message.Message.HeartbeatResponse;
import dev.quorate.raft.engine.message.Message.SnapshotAnswer;
import dev.quorate.raft.engine.message.Message.SnapshotOffer;
import dev.quorate.raft.engine.message.SnapshotMetadata;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The follower's side of a snapshot of another node. */
class InstallingTest {

  private static final Holder N2 = new Holder(NodeId.of("n2"), 102);
  private static final Holder N3 = new Holder(NodeId.of("n3"), 103);

  private static CoreDriver follower(long lastIndex, long term) {
    CoreDriver n1 =
        CoreDriver.recovered(
            configuration(3),
            CoreDriver.SETTINGS,
            HardState.withoutVote(term),
            entries(2, lastIndex, term));
    return n1.follow("n2", term + 1);
  }

  private static void offer(CoreDriver n1, StoredSnapshot snapshot) {
    offer(n1, "n2", snapshot.id(), N2, false);
  }

  private static void offer(
      CoreDriver n1, String leader, SnapshotId id, Holder holder, boolean insists) {
    n1.deliver(leader, new SnapshotOffer(n1.view().term(), id, holder, insists));
  }

  @Test
  @Tag("pitfall-41")
  void aSnapshotBeyondTheLogTakesItsPlaceAndIsAcknowledgedWhenItIsDurable() {
    CoreDriver n1 = follower(5, 1);
    StoredSnapshot snapshot = n1.snapshot(20, 2);
    offer(n1, snapshot);
    assertThat(n1.takeSnapshotTasks()).containsExactly(new SnapshotTask.Fetch(snapshot.id(), N2));
    assertThat(n1.takeOne("n2", SnapshotAnswer.class))
        .isEqualTo(new SnapshotAnswer(2, snapshot.id(), N2, 0, false));
    n1.turn((core, now, effects) -> core.onFetchProgress(snapshot.id(), 400));
    offer(n1, snapshot);
    assertThat(n1.takeSnapshotTasks()).as("it goes on").isEmpty();
    assertThat(n1.takeOne("n2", SnapshotAnswer.class).receivedBytes()).isEqualTo(400);

    n1.fetched(snapshot);
    assertThat(n1.unforced().get(0).records())
        .containsExactly(new WriteRecord.InstallSnapshot(snapshot.id()));
    assertThat(n1.takeOne("n2", SnapshotAnswer.class))
        .as("all of it is here, so that others can be sent here, however quickly it came")
        .isEqualTo(new SnapshotAnswer(2, snapshot.id(), N2, snapshot.id().length(), false));
    assertThat(n1.take("n2", AppendAccepted.class)).isEmpty();
    assertThat(n1.takeSnapshotTasks()).as("no restore before it counts").isEmpty();
    n1.persist();
    assertThat(n1.takeOne("n2", AppendAccepted.class).matchIndex()).isEqualTo(20);
    assertThat(n1.takeSnapshotTasks()).containsExactly(new SnapshotTask.Restore(snapshot.id()));
    assertThat(n1.view().appliedIndex()).isEqualTo(20);
    assertThat(n1.view().snapshotIndex()).isEqualTo(20);

    n1.append("n2", 2, 20, 2, 21, entry(21, 2), entry(22, 2));
    n1.persist();
    assertThat(n1.takeOne("n2", AppendAccepted.class).matchIndex()).isEqualTo(22);
    assertThat(n1.appliedIndexes()).endsWith(21L);
  }

  @Test
  void whatIsNotDurableYetIsNotVouchedForByAHeartbeat() {
    CoreDriver n1 = follower(5, 1);
    StoredSnapshot snapshot = n1.snapshot(4, 2);
    offer(n1, snapshot);
    n1.fetched(snapshot);
    assertThat(n1.view().lastIndex()).as("the log differs at 4").isEqualTo(4);
    n1.heartbeat("n2", 2, 1, 0, 2);
    assertThat(n1.takeOne("n2", HeartbeatResponse.class).matchIndex())
        .as("entries 2 to 5 of the old log are on the disk and are another's")
        .isEqualTo(1);
    n1.persist();
    n1.heartbeat("n2", 2, 4, 1, 3);
    assertThat(n1.takeOne("n2", HeartbeatResponse.class).matchIndex()).isEqualTo(4);
  }

  @Test
  @Tag("pitfall-39")
  void aLogThatAgreesAtTheIndexKeepsEverything() {
    CoreDriver n1 = follower(9, 1);
    offer(n1, n1.snapshot(6, 1));
    assertThat(n1.takeSnapshotTasks()).isEmpty();
    assertThat(n1.takeOne("n2", AppendAccepted.class).matchIndex()).isEqualTo(6);
    assertThat(n1.view().lastIndex()).isEqualTo(9);
    assertThat(n1.view().commitIndex()).as("a snapshot is of what is committed").isEqualTo(6);
    assertThat(n1.unforced()).isEmpty();
  }

  @Test
  @Tag("pitfall-39")
  void aConflictingSuffixIsDropped() {
    CoreDriver n1 = follower(9, 1);
    StoredSnapshot snapshot = n1.snapshot(6, 2);
    offer(n1, snapshot);
    n1.fetched(snapshot);
    n1.persist();
    assertThat(n1.view().lastIndex()).isEqualTo(6);
    assertThat(n1.log().lastIndex()).isEqualTo(6);
    assertThat(n1.log().baseIndex()).isEqualTo(6);
  }

  /** Figure 8 of the Raft paper: entries of term 3 are committed by one of term 5. */
  @Test
  void whatALeaderOfALaterTermAppendedInVainIsDroppedToo() {
    CoreDriver n1 = follower(6, 4);
    StoredSnapshot snapshot = n1.snapshot(20, 3);
    offer(n1, snapshot);
    n1.fetched(snapshot);
    n1.persist();
    assertThat(n1.view().lastIndex()).isEqualTo(20);
    assertThat(n1.takeOne("n2", AppendAccepted.class).matchIndex()).isEqualTo(20);
  }

  @Test
  @Tag("pitfall-40")
  void nothingOlderThanWhatIsCommittedIsInstalled() {
    CoreDriver n1 = follower(9, 1);
    StoredSnapshot late = n1.snapshot(20, 2);
    offer(n1, late);
    n1.takeSnapshotTasks();
    n1.append("n2", 2, 9, 1, 30, entries(10, 30, 2));
    n1.persist();
    assertThat(n1.takeSnapshotTasks())
        .as("the log came further by itself")
        .containsExactly(new SnapshotTask.StopFetch());
    n1.fetched(late);
    n1.fetched(n1.snapshot(5, 1));
    assertThat(n1.unforced()).isEmpty();
    assertThat(n1.view().lastIndex()).isEqualTo(30);
    assertThat(n1.view().appliedIndex()).isEqualTo(30);
  }

  @Test
  void aLeaderNeverReplacesItsLog() {
    CoreDriver n1 = follower(5, 1);
    StoredSnapshot snapshot = n1.snapshot(20, 2);
    offer(n1, snapshot);
    n1.append("n2", 2, 5, 1, 5, entries(6, 25, 2));
    n1.persist();
    n1.leadAll();
    n1.fetched(snapshot);
    assertThat(n1.view().lastIndex()).isEqualTo(26);
  }

  @Test
  @Tag("pitfall-28")
  void theConfigurationIsTheSnapshotsUntilTheLogSaysOtherwise() {
    CoreDriver n1 = follower(5, 1);
    Configuration four = configuration(4);
    StoredSnapshot base = n1.snapshot(20, 2);
    StoredSnapshot snapshot =
        new StoredSnapshot(
            base.id(),
            new SnapshotMetadata(
                20, 2, 0, configurationEntry(15, 1, four), base.metadata().bootstrap()));
    offer(n1, snapshot);
    n1.fetched(snapshot);
    n1.persist();
    assertThat(n1.view().configuration()).isEqualTo(four);
    n1.append("n2", 2, 20, 2, 20, configurationEntry(21, 2, configuration(5)));
    n1.persist();
    assertThat(n1.view().configuration()).isEqualTo(configuration(5));
    offer(n1, snapshot);
    n1.fetched(snapshot);
    assertThat(n1.view().configuration())
        .as("a delayed snapshot below a kept suffix does not revert it (P7)")
        .isEqualTo(configuration(5));
    n1.follow("n3", 3);
    n1.append("n3", 3, 20, 2, 20, entry(21, 3));
    assertThat(n1.view().configuration())
        .as("truncated, so that the snapshot's counts again")
        .isEqualTo(four);
  }

  @Test
  void aPartOfAnotherSnapshotIsNamedToANewLeaderWhoDecides() {
    CoreDriver n1 = follower(5, 1);
    StoredSnapshot first = n1.snapshot(20, 2);
    offer(n1, first);
    n1.turn((core, now, effects) -> core.onFetchProgress(first.id(), 600));
    n1.follow("n3", 3);
    n1.takeSnapshotTasks();
    SnapshotId other = new SnapshotId(77, 30, 2, 500, 1);
    offer(n1, "n3", other, N3, false);
    assertThat(n1.takeOne("n3", SnapshotAnswer.class))
        .isEqualTo(new SnapshotAnswer(3, first.id(), N2, 600, false));
    assertThat(n1.takeSnapshotTasks()).isEmpty();
    offer(n1, "n3", first.id(), N2, false);
    assertThat(n1.takeSnapshotTasks()).isEmpty();
    offer(n1, "n3", other, N3, true);
    assertThat(n1.takeSnapshotTasks()).containsExactly(new SnapshotTask.Fetch(other, N3));
    n1.fetched(first);
    assertThat(n1.unforced()).as("given up").isEmpty();
  }

  @Test
  void aFetchThatFailsIsTriedAgainWhenItIsOfferedAgainAfterAPause() {
    CoreDriver n1 = follower(5, 1);
    StoredSnapshot snapshot = n1.snapshot(20, 2);
    offer(n1, snapshot);
    n1.takeSnapshotTasks();
    n1.forgetSent();
    n1.turn((core, now, effects) -> core.onFetchFailed(snapshot.id(), now));
    offer(n1, snapshot);
    assertThat(n1.takeOne("n2", SnapshotAnswer.class).failed()).isTrue();
    assertThat(n1.takeSnapshotTasks()).isEmpty();
    n1.pass(1_001);
    offer(n1, snapshot);
    assertThat(n1.takeSnapshotTasks()).containsExactly(new SnapshotTask.Fetch(snapshot.id(), N2));
  }

  @Test
  void onlyAFetchThatMovedBytesIsTriedMoreAndMoreRarely() {
    CoreDriver n1 = follower(5, 1);
    StoredSnapshot snapshot = n1.snapshot(20, 2);
    for (int i = 0; i < 5; i++) {
      failAt(n1, snapshot, 0);
      n1.pass(1_001);
    }
    failAt(n1, snapshot, 600);
    n1.pass(2_001);
    failAt(n1, snapshot, 600);
    n1.pass(2_001);
    offer(n1, snapshot);
    assertThat(n1.takeSnapshotTasks()).as("too early").isEmpty();
  }

  private static void failAt(CoreDriver n1, StoredSnapshot snapshot, long bytes) {
    offer(n1, snapshot);
    assertThat(n1.takeSnapshotTasks()).containsExactly(new SnapshotTask.Fetch(snapshot.id(), N2));
    if (bytes > 0) {
      n1.turn((core, now, effects) -> core.onFetchProgress(snapshot.id(), bytes));
    }
    n1.turn((core, now, effects) -> core.onFetchFailed(snapshot.id(), now));
  }

  @Test
  void aFetchThatNobodyWantsAnyMoreEnds() {
    CoreDriver n1 = follower(5, 1);
    offer(n1, n1.snapshot(20, 2));
    n1.takeSnapshotTasks();
    n1.wakeAfter(11_000);
    assertThat(n1.takeSnapshotTasks()).isEmpty();
    n1.wakeAfter(1_100);
    assertThat(n1.takeSnapshotTasks()).containsExactly(new SnapshotTask.StopFetch());
  }

  @Test
  void commandsThatTheSnapshotHidesEndUnknown() {
    CoreDriver n1 = CoreDriver.voters(3).leadAll();
    n1.command(7);
    n1.persist();
    n1.follow("n2", 5);
    StoredSnapshot snapshot = n1.snapshot(20, 4);
    offer(n1, "n2", snapshot.id(), N2, false);
    n1.fetched(snapshot);
    n1.takeCompletions();
    n1.persist();
    assertThat(n1.takeCompletions())
        .anySatisfy(
            end -> {
              assertThat(end).isInstanceOf(Completion.Command.class);
              assertThat(((Completion.Command) end).outcome()).isInstanceOf(Outcome.Unknown.class);
            });
  }

  @Test
  @Tag("pitfall-40")
  void aCrashBeforeTheRecordIsDurableLeavesTheOldLog() {
    CoreDriver n1 = follower(5, 1);
    StoredSnapshot snapshot = n1.snapshot(20, 2);
    offer(n1, snapshot);
    n1.fetched(snapshot);
    n1.restart();
    assertThat(n1.view().lastIndex()).isEqualTo(5);
    assertThat(n1.view().snapshotIndex()).isZero();
  }

  @Test
  void entriesBelowTheSnapshotAreThereAlready() {
    CoreDriver n1 = follower(5, 1);
    StoredSnapshot snapshot = n1.snapshot(20, 2);
    offer(n1, snapshot);
    n1.fetched(snapshot);
    n1.persist();
    n1.forgetSent();
    n1.append("n2", 2, 18, 2, 21, entries(19, 21, 2));
    n1.persist();
    assertThat(n1.takeOne("n2", AppendAccepted.class).matchIndex()).isEqualTo(21);
    assertThat(n1.log().entries()).hasSize(1);
    assertThat(List.of(n1.view().lastIndex(), n1.view().appliedIndex())).containsOnly(21L);
  }
}
