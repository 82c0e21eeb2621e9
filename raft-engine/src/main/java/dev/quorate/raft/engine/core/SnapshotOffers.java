package dev.quorate.raft.engine.core;

import dev.quorate.raft.api.storage.SnapshotId;
import dev.quorate.raft.engine.message.Holder;
import dev.quorate.raft.engine.message.Message.SnapshotAnswer;
import dev.quorate.raft.engine.message.Message.SnapshotOffer;
import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/**
 * How a leader brings a peer on whose next entry was compacted (rule P13): it offers its newest
 * snapshot, says from whom to fetch it, and offers it again until the peer has it, otherwise has
 * enough to go on from the log, or gets no further with it. A peer that has a part of another
 * snapshot, which a former leader offered, goes on with that one if this leader's log goes on from
 * it.
 *
 * <p>Where several peers need the newest snapshot, the leader serves some of them; the others are
 * sent to a peer that has fetched that very snapshot before. If that peer does not have it any
 * more, or they get no further with it, they are sent to the leader after all.
 *
 * <p>A snapshot that turned out to be damaged on the leader's disk is not offered from there: who
 * was to fetch it waits for the one that takes its place.
 */
final class SnapshotOffers {

  /** How many peers are sent to this leader while there is another that has the snapshot. */
  static final int MAX_SERVED = 2;

  private final NodeState state;
  private final Collection<Progress> peers;
  private final Holder self;

  SnapshotOffers(NodeState state, Collection<Progress> peers) {
    this.state = state;
    this.peers = peers;
    this.self = new Holder(state.self().id(), state.self().incarnation());
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
    if (progress.offer().filter(this::isInVain).isPresent() && !state.isDamaged(newest())) {
      sendNewest(progress, now);
    }
    if (progress.mayAppend() && progress.next() - 1 < base) {
      sendNewest(progress, now);
    }
    progress
        .takeOffer(now)
        .filter(offer -> !isInVain(offer))
        .ifPresent(
            offer ->
                state.send(
                    progress.member(),
                    new SnapshotOffer(state.term(), offer.id(), offer.holder(), offer.insists()),
                    Effects.AT_ONCE,
                    effects));
  }

  /** Whether it could only be fetched from here, where it is damaged. */
  private boolean isInVain(Progress.Offer offer) {
    return offer.holder().equals(self) && state.isDamaged(offer.id());
  }

  private void sendNewest(Progress progress, Time now) {
    SnapshotId newest = newest();
    boolean relieved =
        served(self) >= MAX_SERVED && !progress.stalledSnapshot().equals(Optional.of(newest));
    Holder holder = relieved ? another(newest, now).orElse(self) : self;
    progress.sendSnapshot(newest, holder, now);
  }

  private long served(Holder holder) {
    return peers.stream()
        .flatMap(peer -> peer.offer().stream())
        .filter(offer -> offer.holder().equals(holder))
        .count();
  }

  /** Of the peers that answer and have fetched that snapshot, the one that serves fewest others. */
  private Optional<Holder> another(SnapshotId id, Time now) {
    long since = now.nanos() - state.settings().electionMaxNanos();
    return peers.stream()
        .filter(peer -> peer.fetched().equals(Optional.of(id)) && peer.activeSince(since))
        .map(SnapshotOffers::holder)
        .min(Comparator.comparingLong(this::served));
  }

  private static Holder holder(Progress peer) {
    return new Holder(peer.member().id(), peer.member().incarnation());
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
      if (message.failed()) {
        onFailure(progress, progress.offer().get(), now);
      }
    } else if (goesOnFrom(message.id(), progress)) {
      progress.sendSnapshot(message.id(), message.holder(), now);
    } else {
      progress.insist();
    }
  }

  private void onFailure(Progress progress, Progress.Offer offer, Time now) {
    peers.stream()
        .filter(peer -> holder(peer).equals(offer.holder()))
        .forEach(peer -> peer.lacks(offer.id()));
    if (!offer.id().equals(newest())) {
      sendNewest(progress, now);
    } else if (!offer.holder().equals(self)) {
      progress.sendSnapshot(offer.id(), self, now);
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
