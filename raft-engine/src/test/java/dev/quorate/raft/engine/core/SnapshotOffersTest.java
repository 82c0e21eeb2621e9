package dev.quorate.raft.engine.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.PeerStatus.State;
import dev.quorate.raft.api.TransferOutcome;
import dev.quorate.raft.api.storage.SnapshotId;
import dev.quorate.raft.engine.core.Effects.Completion.Transfer;
import dev.quorate.raft.engine.message.Holder;
import dev.quorate.raft.engine.message.Message.AppendAccepted;
import dev.quorate.raft.engine.message.Message.AppendRejected;
import dev.quorate.raft.engine.message.Message.AppendRequest;
import dev.quorate.raft.engine.message.Message.HeartbeatResponse;
import dev.quorate.raft.engine.message.Message.SnapshotAnswer;
import dev.quorate.raft.engine.message.Message.SnapshotOffer;
import dev.quorate.raft.engine.message.Peer;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The leader's side of a snapshot for a peer. */
class SnapshotOffersTest {

  private static final Holder N1 = new Holder(NodeId.of("n1"), 101);
  private static final Holder N2 = new Holder(NodeId.of("n2"), 102);

  /** A leader whose log begins behind 8, with n2 up to date and n3 at its bootstrap entry. */
  private static CoreDriver leader() {
    CoreDriver n1 = CoreDriver.voters(3).lead();
    grow(n1, 6);
    n1.wantSnapshot(1);
    n1.taken();
    n1.persist();
    assertThat(n1.log().baseIndex()).isEqualTo(8);
    n1.forgetSent();
    return n1;
  }

  private static void grow(CoreDriver n1, int commands) {
    for (int i = 0; i < commands; i++) {
      n1.command(i);
      n1.persist();
      n1.accept("n2", n1.view().lastIndex());
    }
  }

  /** Time passes while n2 answers. */
  private static void pass(CoreDriver n1, long millis) {
    for (long passed = 0; passed < millis; passed += 50) {
      n1.beat();
      n1.answerHeartbeats("n2");
    }
  }

  private static void reject(CoreDriver n1) {
    n1.deliver("n3", new AppendRejected(n1.view().term(), n1.progress("n3").nextIndex() - 1, 1, 0));
  }

  /** The peer n3 says that it lacks what was compacted. */
  private static SnapshotOffer offered(CoreDriver n1) {
    n1.deliver("n3", new AppendRejected(n1.view().term(), 1, 0, 0));
    if (n1.progress("n3").state() != State.SNAPSHOTTING) {
      reject(n1);
    }
    return n1.takeOne("n3", SnapshotOffer.class);
  }

  private static void answer(CoreDriver n1, SnapshotId id, Holder holder, long bytes) {
    n1.deliver("n3", new SnapshotAnswer(n1.view().term(), id, holder, bytes, false));
  }

  @Test
  void aPeerThatLacksWhatWasCompactedIsOfferedTheNewestSnapshotAgainAndAgain() {
    CoreDriver n1 = leader();
    SnapshotOffer offer = offered(n1);
    assertThat(offer.id()).isEqualTo(n1.snapshot(8, 1).id());
    assertThat(offer.holder()).isEqualTo(N1);
    assertThat(n1.progress("n3").state()).isEqualTo(State.SNAPSHOTTING);
    assertThat(n1.progress("n3").nextIndex()).isEqualTo(9);
    n1.beat();
    assertThat(n1.take("n3", SnapshotOffer.class)).isEmpty();
    n1.wakeAfter(300);
    assertThat(n1.takeOne("n3", SnapshotOffer.class)).isEqualTo(offer);
    assertThat(n1.take("n3", AppendRequest.class)).as("no entries meanwhile").isEmpty();
  }

  @Test
  void nobodyHasToWaitForItSoThatThePeerCanLead() {
    CoreDriver n1 = leader();
    offered(n1);
    n1.takeCompletions();
    n1.transfer(7, "n3", 60_000);
    TransferOutcome refused =
        new TransferOutcome.Failed(TransferOutcome.Reason.BEHIND, "n3 needs a snapshot first");
    assertThat(n1.takeCompletions()).containsExactly(new Transfer(7, refused));
  }

  @Test
  void aDamagedSnapshotIsNotOfferedAndTheOneInItsPlaceIs() {
    CoreDriver n1 = leader();
    StoredSnapshot rotten = n1.snapshot(8, 1);
    SnapshotOffer offer = offered(n1);
    assertThat(offer.id()).isEqualTo(rotten.id());
    n1.snapshotDamaged(rotten);
    n1.deliver("n3", new SnapshotAnswer(n1.view().term(), rotten.id(), N1, 100, true));
    pass(n1, 500);
    assertThat(n1.take("n3", SnapshotOffer.class)).isEmpty();
    assertThat(n1.take("n3", AppendRequest.class)).isEmpty();
    SnapshotId another = new SnapshotId(100, 8, 1, 1_000, 9);
    n1.taken(new StoredSnapshot(another, rotten.metadata()));
    n1.beat();
    assertThat(n1.takeOne("n3", SnapshotOffer.class).id()).isEqualTo(another);
    n1.accept("n3", 8);
    assertThat(n1.progress("n3").state()).isEqualTo(State.PIPELINING);
  }

  @Test
  void aSnapshotThatWasMadeAgainUnderItsIdIsOfferedAgain() {
    CoreDriver n1 = leader();
    SnapshotOffer offer = offered(n1);
    n1.snapshotDamaged(n1.snapshot(8, 1));
    pass(n1, 500);
    assertThat(n1.take("n3", SnapshotOffer.class)).isEmpty();
    n1.taken(n1.snapshot(8, 1));
    n1.wakeAfter(300);
    assertThat(n1.takeOne("n3", SnapshotOffer.class)).isEqualTo(offer);
  }

  @Test
  void theAcknowledgementOfTheSnapshotEndsIt() {
    CoreDriver n1 = leader();
    offered(n1);
    grow(n1, 2);
    n1.accept("n3", 8);
    assertThat(n1.progress("n3").state()).isEqualTo(State.PIPELINING);
    assertThat(n1.takeOne("n3", AppendRequest.class).prevIndex()).isEqualTo(8);
  }

  @Test
  void aPeerThatHasEnoughWithoutItGoesOnFromTheLog() {
    CoreDriver n1 = leader();
    grow(n1, 4);
    n1.wantSnapshot(2);
    offered(n1);
    n1.taken();
    n1.persist();
    assertThat(n1.log().baseIndex()).as("pinned").isEqualTo(8);
    n1.beat();
    n1.deliver("n3", new HeartbeatResponse(n1.view().term(), 1, 8, 8, true));
    assertThat(n1.progress("n3").state()).isNotEqualTo(State.SNAPSHOTTING);
    n1.persist();
    assertThat(n1.log().baseIndex()).as("not pinned any more").isEqualTo(12);
  }

  @Test
  @Tag("pitfall-43")
  void theLogIsKeptForATransferButNotForever() {
    CoreDriver n1 = leader();
    SnapshotId first = offered(n1).id();
    for (int i = 1; i <= 7; i++) {
      grow(n1, 1);
      n1.wantSnapshot(10 + i);
      n1.taken();
      answer(n1, first, N1, 10L * i);
      assertThat(n1.log().baseIndex()).as("after %s snapshots", i).isEqualTo(8);
    }
    grow(n1, 1);
    n1.wantSnapshot(20);
    n1.taken();
    n1.persist();
    assertThat(n1.log().baseIndex()).isEqualTo(16);
    n1.forgetSent();
    n1.wakeAfter(300);
    assertThat(n1.takeOne("n3", SnapshotOffer.class).id().index())
        .as("the old one would be of no use")
        .isEqualTo(16);
  }

  @Test
  @Tag("pitfall-42")
  void aPeerThatGetsNoFurtherIsProbedAgain() {
    CoreDriver n1 = leader();
    SnapshotId id = offered(n1).id();
    pass(n1, 2_000);
    answer(n1, id, N1, 100);
    pass(n1, 2_000);
    assertThat(n1.progress("n3").state()).as("it got further").isEqualTo(State.SNAPSHOTTING);
    pass(n1, 1_000);
    assertThat(n1.progress("n3").state()).isEqualTo(State.PROBING);
    assertThat(n1.progress("n3").nextIndex()).isEqualTo(9);
    n1.forgetSent();
    reject(n1);
    assertThat(n1.takeOne("n3", SnapshotOffer.class).id()).isEqualTo(id);
  }

  @Test
  void aPeerThatRestartedIsOfferedItAnew() {
    CoreDriver n1 = leader();
    offered(n1);
    Peer rebooted = new Peer(NodeId.of("n3"), 103, 9_999);
    n1.deliver(rebooted, new HeartbeatResponse(n1.view().term(), 1, 1, 1, true));
    assertThat(n1.progress("n3").state()).isEqualTo(State.SNAPSHOTTING);
    assertThat(n1.take("n3", SnapshotOffer.class)).hasSize(1);
  }

  @Test
  void lateAnswersToEntriesDoNotDisturbIt() {
    CoreDriver n1 = leader();
    offered(n1);
    reject(n1);
    n1.accept("n3", 1);
    n1.deliver("n3", new AppendAccepted(n1.view().term(), 1, true, false));
    assertThat(n1.progress("n3").state()).isEqualTo(State.SNAPSHOTTING);
    assertThat(n1.progress("n3").nextIndex()).isEqualTo(9);
  }

  @Test
  void aPartOfAFormerLeadersSnapshotIsGoneOnWith() {
    CoreDriver n1 = leader();
    grow(n1, 4);
    offered(n1);
    SnapshotId former = new SnapshotId(55, 10, 1, 2_000, 3);
    answer(n1, former, N2, 500);
    assertThat(n1.takeOne("n3", SnapshotOffer.class))
        .isEqualTo(new SnapshotOffer(n1.view().term(), former, N2, false));
    n1.accept("n3", 10);
    assertThat(n1.progress("n3").state()).isEqualTo(State.PIPELINING);
  }

  @Test
  void aPartThatTheLogDoesNotGoOnFromIsGivenUp() {
    for (SnapshotId useless :
        List.of(
            new SnapshotId(55, 5, 1, 2_000, 3),
            new SnapshotId(55, 10, 7, 2_000, 3),
            new SnapshotId(55, 100, 1, 2_000, 3))) {
      CoreDriver n1 = leader();
      grow(n1, 4);
      SnapshotOffer offer = offered(n1);
      answer(n1, useless, N2, 500);
      n1.wakeAfter(300);
      assertThat(n1.takeOne("n3", SnapshotOffer.class))
          .isEqualTo(new SnapshotOffer(offer.term(), offer.id(), N1, true));
    }
  }

  @Test
  @Tag("pitfall-42")
  void aHolderThatDoesNotAnswerIsNotNamedForever() {
    CoreDriver n1 = leader();
    grow(n1, 4);
    SnapshotOffer own = offered(n1);
    SnapshotId former = new SnapshotId(55, 10, 1, 2_000, 3);
    answer(n1, former, N2, 500);
    for (int i = 0; i < 10; i++) {
      answer(n1, former, N2, 500);
      pass(n1, 400);
    }
    assertThat(n1.progress("n3").state()).isEqualTo(State.PROBING);
    n1.forgetSent();
    reject(n1);
    assertThat(n1.takeOne("n3", SnapshotOffer.class).id()).isEqualTo(own.id());
    answer(n1, former, N2, 500);
    n1.wakeAfter(300);
    assertThat(n1.takeOne("n3", SnapshotOffer.class).insists()).isTrue();
  }

  @Test
  void aSnapshotThatCannotBeFetchedAnyMoreIsReplacedByTheNewest() {
    CoreDriver n1 = leader();
    SnapshotId first = offered(n1).id();
    grow(n1, 2);
    n1.wantSnapshot(2);
    n1.taken();
    n1.deliver("n3", new SnapshotAnswer(n1.view().term(), first, N1, 0, true));
    assertThat(n1.takeOne("n3", SnapshotOffer.class).id().index()).isEqualTo(10);
  }

  @Test
  void aPeerThatIsDownPinsNothing() {
    CoreDriver n1 = leader();
    grow(n1, 3);
    n1.wantSnapshot(2);
    n1.taken();
    n1.persist();
    assertThat(n1.progress("n3").state()).isEqualTo(State.PROBING);
    assertThat(n1.log().baseIndex()).isEqualTo(11);
  }
}
