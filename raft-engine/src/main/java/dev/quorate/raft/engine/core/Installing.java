package dev.quorate.raft.engine.core;

import dev.quorate.raft.api.storage.SnapshotId;
import dev.quorate.raft.engine.core.Effects.SnapshotTask;
import dev.quorate.raft.engine.message.Holder;
import dev.quorate.raft.engine.message.Message.AppendAccepted;
import dev.quorate.raft.engine.message.Message.SnapshotAnswer;
import dev.quorate.raft.engine.message.Message.SnapshotOffer;
import dev.quorate.raft.engine.message.Peer;
import java.util.Optional;

/**
 * How a follower comes to a snapshot of another node (rules P6 and P13):
 *
 * <ol>
 *   <li>The leader offers a snapshot, and says who has it. What the own log has already, or has
 *       committed, is not fetched: such an offer is answered like entries that are there. So a log
 *       that agrees at the snapshot's index keeps everything, and no newer state is ever replaced.
 *   <li>Otherwise it is fetched, which is not the core's work. Offers go on meanwhile, and are
 *       answered with how far that is. If another snapshot is offered, because there is another
 *       leader, the follower names the one of which it has a part, and the leader decides.
 *   <li>When it is there, durable and whole, the first step is looked at again. Then the snapshot
 *       takes the place of the log, by a record in the stream of writes.
 *   <li>When that record is durable, and not before, it is acknowledged, and the state machine is
 *       restored from it.
 * </ol>
 */
final class Installing {

  /** How long a fetch goes on without an offer, in multiples of the longest election timeout. */
  private static final int PATIENCE = 20;

  private final NodeState state;
  private final Applying applying;
  private final Compaction compaction;
  private final BackOff backOff = new BackOff();
  private Optional<Fetch> fetch = Optional.empty();
  private Optional<SnapshotId> failed = Optional.empty();

  private static final class Fetch {
    private final SnapshotId id;
    private final Holder holder;
    private long offeredNanos;
    private long receivedBytes;

    private Fetch(SnapshotId id, Holder holder) {
      this.id = id;
      this.holder = holder;
    }
  }

  Installing(NodeState state, Applying applying, Compaction compaction) {
    this.state = state;
    this.applying = applying;
    this.compaction = compaction;
  }

  void onOffer(Peer leader, SnapshotOffer offer, Time now, Effects effects) {
    if (has(offer.id())) {
      state.commit(offer.id().index());
      acknowledge(leader, offer.id(), effects);
    } else if (failed.equals(Optional.of(offer.id())) && backOff.pauses(now)) {
      answer(leader, offer.id(), offer.holder(), 0, true, effects);
    } else {
      if (fetch.isEmpty() || isToGiveWay(fetch.get(), offer)) {
        begin(offer, effects);
      }
      Fetch running = fetch.get();
      running.offeredNanos = now.nanos();
      answer(leader, running.id, running.holder, running.receivedBytes, false, effects);
    }
  }

  private static boolean isToGiveWay(Fetch running, SnapshotOffer offer) {
    return running.id.equals(offer.id())
        ? !running.holder.equals(offer.holder())
        : offer.insists() || running.receivedBytes == 0;
  }

  private void begin(SnapshotOffer offer, Effects effects) {
    Fetch next = new Fetch(offer.id(), offer.holder());
    fetch
        .filter(running -> running.id.equals(offer.id()))
        .ifPresent(running -> next.receivedBytes = running.receivedBytes);
    fetch = Optional.of(next);
    effects.snapshotTask(new SnapshotTask.Fetch(offer.id(), offer.holder()));
  }

  /**
   * Whether the log has the entry at the snapshot's index, which is committed: then it has all
   * before it too (the Log Matching Property).
   */
  private boolean has(SnapshotId id) {
    return id.index() <= state.commitIndex() || state.log().terms().at(id.index()) == id.term();
  }

  /** Durable as soon as everything is that was written until now. */
  private void acknowledge(Peer leader, SnapshotId id, Effects effects) {
    state.answer(
        leader,
        new AppendAccepted(state.term(), id.index(), false, state.hasSpace()),
        state.log().writes().gate(),
        effects);
  }

  private void answer(
      Peer leader, SnapshotId id, Holder holder, long bytes, boolean failure, Effects effects) {
    state.answer(
        leader,
        new SnapshotAnswer(state.term(), id, holder, bytes, failure),
        state.log().writes().hardStateGate(),
        effects);
  }

  void onProgress(SnapshotId id, long receivedBytes) {
    fetch.filter(running -> running.id.equals(id)).ifPresent(r -> r.receivedBytes = receivedBytes);
  }

  /**
   * A fetch ended before its end. What failed before its first byte, for want of room above all,
   * has cost nothing: it is tried again soon, however often, because the cause may end at any time.
   */
  void onFetchFailed(SnapshotId id, Time now) {
    Optional<Fetch> ended = fetch.filter(running -> running.id.equals(id));
    if (ended.isPresent()) {
      if (ended.get().receivedBytes == 0) {
        backOff.reset();
      }
      fetch = Optional.empty();
      failed = Optional.of(id);
      backOff.failed(now);
    }
  }

  /** A snapshot was fetched, is whole, and durable. */
  void onFetched(StoredSnapshot snapshot, Time now, Effects effects) {
    if (fetch.filter(running -> running.id.equals(snapshot.id())).isEmpty()) {
      return;
    }
    Holder holder = fetch.get().holder;
    fetch = Optional.empty();
    failed = Optional.empty();
    backOff.reset();
    if (has(snapshot.id())) {
      state.commit(snapshot.index());
    } else {
      state.log().install(snapshot, state.commitIndex());
      state.commit(snapshot.index());
      compaction.onInstalled(snapshot, now);
      applying.restore(snapshot);
    }
    if (!state.leads()) {
      state.leader().ifPresent(leader -> tell(leader, snapshot.id(), holder, effects));
    }
  }

  /**
   * The snapshot is here, which makes this node one of those that others can be sent to, and counts
   * as soon as it is installed.
   */
  private void tell(Peer leader, SnapshotId id, Holder holder, Effects effects) {
    answer(leader, id, holder, id.length(), false, effects);
    acknowledge(leader, id, effects);
  }

  /** Whether nothing is being fetched. */
  boolean isIdle() {
    return fetch.isEmpty();
  }

  /** Gives up a fetch that is of no use any more, or that nobody wants any more. */
  void endTurn(Time now, Effects effects) {
    long patience = PATIENCE * state.settings().electionMaxNanos();
    fetch
        .filter(running -> has(running.id) || now.nanos() - running.offeredNanos >= patience)
        .ifPresent(
            running -> {
              fetch = Optional.empty();
              effects.snapshotTask(new SnapshotTask.StopFetch());
            });
  }
}
