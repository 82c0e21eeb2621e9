package dev.quorate.raft.engine.core;

import dev.quorate.raft.api.storage.SnapshotId;
import dev.quorate.raft.engine.message.Holder;
import dev.quorate.raft.engine.message.Message.SnapshotAnswer;
import dev.quorate.raft.engine.message.Message.SnapshotOffer;
import java.util.Optional;

/**
 * How a leader brings a peer on whose next entry was compacted (rule P13): it offers its newest
 * snapshot, says from whom to fetch it, and offers it again until the peer has it, otherwise has
 * enough to go on from the log, or gets no further with it. A peer that has a part of another
 * snapshot, which a former leader offered, goes on with that one if this leader's log goes on from
 * it.
 */
final class SnapshotOffers {

  private final NodeState state;

  SnapshotOffers(NodeState state) {
    this.state = state;
  }

  /** Offers a snapshot to a peer that needs one. */
  void offer(Progress progress, Time now, Effects effects) {
    long base = state.log().baseIndex();
    if (progress.match() >= base && progress.offer().isPresent()) {
      progress.probeFrom(progress.match() + 1);
    }
    progress.giveUpStalledSnapshot(base + 1, now);
    if (progress.offer().filter(offer -> offer.id().index() < base).isPresent()) {
      // The log was kept for it as long as could be.
      sendNewest(progress, now);
    }
    if (progress.mayAppend() && progress.next() - 1 < base) {
      sendNewest(progress, now);
    }
    progress
        .takeOffer(now)
        .ifPresent(
            offer ->
                state.send(
                    progress.member(),
                    new SnapshotOffer(state.term(), offer.id(), offer.holder(), offer.insists()),
                    Effects.AT_ONCE,
                    effects));
  }

  private void sendNewest(Progress progress, Time now) {
    Holder self = new Holder(state.self().id(), state.self().incarnation());
    progress.sendSnapshot(newest(), self, now);
  }

  private SnapshotId newest() {
    return state
        .snapshot()
        .orElseThrow(() -> new InvariantViolation("a log is compacted without a snapshot"))
        .id();
  }

  void onAnswer(Progress progress, SnapshotAnswer message, Time now) {
    if (progress.offer().isEmpty()) {
      return;
    }
    SnapshotId offered = progress.offer().get().id();
    if (message.id().equals(offered)) {
      progress.snapshotReceived(offered, message.receivedBytes(), now);
      if (message.failed() && !offered.equals(newest())) {
        sendNewest(progress, now);
      }
    } else if (goesOnFrom(message.id(), progress)) {
      progress.sendSnapshot(message.id(), message.holder(), now);
    } else {
      progress.insist();
    }
  }

  /**
   * Whether this leader's log contains the entry at the snapshot's index and goes on from there.
   */
  private boolean goesOnFrom(SnapshotId id, Progress progress) {
    return id.index() >= state.log().baseIndex()
        && id.index() <= state.commitIndex()
        && id.index() > progress.match()
        && !progress.stalledSnapshot().equals(Optional.of(id))
        && state.log().terms().at(id.index()) == id.term();
  }
}
