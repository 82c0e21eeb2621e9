package dev.quorate.raft.engine.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.storage.HardState;
import dev.quorate.raft.api.storage.SnapshotId;
import dev.quorate.raft.engine.message.ClusterId;
import dev.quorate.raft.engine.message.Configuration;
import dev.quorate.raft.engine.message.Holder;
import dev.quorate.raft.engine.message.Message.AppendRejected;
import dev.quorate.raft.engine.message.Message.SnapshotAnswer;
import dev.quorate.raft.engine.message.Message.SnapshotOffer;
import java.util.List;
import org.junit.jupiter.api.Test;

/** From whom the peers of a leader that need its snapshot are to fetch it, rule P13. */
class SnapshotHoldersTest {

  /**
   * A leader whose log begins behind 8, voters n1 to n3 up to date, learners n4 to n9 with nothing.
   */
  private static CoreDriver leader() {
    Configuration learners =
        new Configuration(
            new ClusterId(1, 2), CoreDriver.members(1, 3), List.of(), CoreDriver.members(4, 9));
    CoreDriver n1 = CoreDriver.recovered(learners, CoreDriver.SETTINGS, HardState.INITIAL);
    n1.lead();
    for (int i = 0; i < 6; i++) {
      n1.command(i);
      n1.persist();
      n1.accept("n2", n1.view().lastIndex());
      n1.accept("n3", n1.view().lastIndex());
    }
    n1.wantSnapshot(1);
    n1.taken();
    n1.persist();
    n1.forgetSent();
    return n1;
  }

  private static Holder holder(String id) {
    return new Holder(NodeId.of(id), 100 + Integer.parseInt(id.substring(1)));
  }

  /** A peer says that it has nothing: the offer that it is made. */
  private static SnapshotOffer offered(CoreDriver n1, String id) {
    n1.deliver(id, new AppendRejected(n1.view().term(), n1.progress(id).nextIndex() - 1, 0, 0));
    if (n1.sent().stream().noneMatch(send -> send.message() instanceof SnapshotOffer)) {
      n1.deliver(id, new AppendRejected(n1.view().term(), n1.progress(id).nextIndex() - 1, 0, 0));
    }
    return n1.takeOne(id, SnapshotOffer.class);
  }

  private static void answer(CoreDriver n1, String id, SnapshotOffer offer, long bytes) {
    n1.deliver(id, new SnapshotAnswer(n1.view().term(), offer.id(), offer.holder(), bytes, false));
  }

  private static void fails(CoreDriver n1, String id, SnapshotOffer offer) {
    n1.deliver(id, new SnapshotAnswer(n1.view().term(), offer.id(), offer.holder(), 0, true));
  }

  /** The peer n4 fetches the snapshot, and two others are being served. */
  private static CoreDriver busy() {
    CoreDriver n1 = leader();
    SnapshotOffer first = offered(n1, "n4");
    answer(n1, "n4", first, 1_000);
    n1.accept("n4", first.id().index());
    assertThat(offered(n1, "n5").holder()).isEqualTo(holder("n1"));
    assertThat(offered(n1, "n6").holder()).isEqualTo(holder("n1"));
    return n1;
  }

  @Test
  void aLeaderThatServesEnoughSendsThemToWhoFetchedTheSameSnapshot() {
    CoreDriver n1 = busy();
    SnapshotOffer offer = offered(n1, "n7");
    assertThat(offer.holder()).isEqualTo(holder("n4"));
    SnapshotId newest = n1.snapshot(8, 1).id();
    assertThat(offer.id()).as("never another one").isEqualTo(newest);
    n1.wakeAfter(300);
    assertThat(n1.takeOne("n7", SnapshotOffer.class)).as("again the same").isEqualTo(offer);
  }

  @Test
  void whoHadTheEntriesAnywayHasNoSnapshotToGive() {
    CoreDriver n1 = leader();
    SnapshotOffer first = offered(n1, "n4");
    n1.accept("n4", first.id().index());
    offered(n1, "n5");
    offered(n1, "n6");
    assertThat(offered(n1, "n7").holder()).isEqualTo(holder("n1"));
  }

  @Test
  void whoDoesNotAnswerIsNotNamed() {
    CoreDriver n1 = busy();
    for (int i = 0; i < 13; i++) {
      n1.beat();
      n1.answerHeartbeats("n2", "n3");
    }
    n1.forgetSent();
    assertThat(offered(n1, "n7").holder()).isEqualTo(holder("n1"));
  }

  @Test
  void whereItIsNotThereAnyMoreTheLeaderIsAskedAndNobodyIsSentThereAgain() {
    CoreDriver n1 = busy();
    fails(n1, "n7", offered(n1, "n7"));
    assertThat(n1.takeOne("n7", SnapshotOffer.class).holder()).isEqualTo(holder("n1"));
    assertThat(offered(n1, "n8").holder()).isEqualTo(holder("n1"));
  }

  @Test
  void whoGetsNoFurtherThereIsSentToTheLeader() {
    CoreDriver n1 = busy();
    assertThat(offered(n1, "n7").holder()).isEqualTo(holder("n4"));
    SnapshotOffer served =
        new SnapshotOffer(n1.view().term(), n1.snapshot(8, 1).id(), holder("n1"), false);
    for (int i = 1; i <= 70; i++) {
      n1.beat();
      n1.answerHeartbeats("n2", "n3", "n4");
      answer(n1, "n5", served, i);
      answer(n1, "n6", served, i);
    }
    n1.forgetSent();
    assertThat(offered(n1, "n7").holder()).isEqualTo(holder("n1"));
  }

  @Test
  void theyAreSpreadOverThoseWhoHaveIt() {
    CoreDriver n1 = busy();
    SnapshotOffer offer = offered(n1, "n7");
    assertThat(offer.holder()).isEqualTo(holder("n4"));
    answer(n1, "n7", offer, 1_000);
    n1.accept("n7", offer.id().index());
    Holder one = offered(n1, "n8").holder();
    Holder other = offered(n1, "n9").holder();
    assertThat(List.of(one, other)).containsExactlyInAnyOrder(holder("n4"), holder("n7"));
  }
}
