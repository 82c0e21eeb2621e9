package dev.quorate.raft.engine.core;

import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.PeerStatus;
import dev.quorate.raft.engine.message.ClusterSettings;
import java.util.Comparator;
import java.util.Optional;

/**
 * Hands the leadership to the voter that is to have it rather than this leader, by the priorities
 * that all members share. Elections know nothing of them: who has most of the log is worth more
 * than who is preferred, so that whoever can be elected leads first and hands over then, as
 * Ongaro's dissertation proposes (section 3.10).
 *
 * <p>A hand-over holds up commands for a moment, and one that fails for an election timeout.
 * Therefore the successor must have been fit, without a break and in this leader's term, for some
 * election timeouts; and after an attempt that failed the next one waits, twice as long each time.
 */
final class PreferredLeader {

  /** For how long somebody must have been fit to lead, in election timeouts. */
  static final int PATIENCE = 4;

  /** How long to wait after an attempt at least, in election timeouts. */
  static final int PAUSE = 8;

  private static final int MAX_DOUBLINGS = 4;

  private final NodeState state;
  private final Transfer transfer;
  private ClusterSettings settings = ClusterSettings.NONE;
  private long term;
  private Optional<NodeId> fit = Optional.empty();
  private long fitSinceNanos;
  private long lookedCommit;
  private long lookedNanos;
  private int attempts;
  private long attemptNanos;

  PreferredLeader(NodeState state, Transfer transfer) {
    this.state = state;
    this.transfer = transfer;
  }

  /** What is applied now has these priorities. */
  void applied(ClusterSettings present) {
    settings = present;
  }

  /** A leader with a quorum, whose disk has space and does not hang, looks around. */
  void look(Leadership leading, Time now, Effects effects) {
    if (settings.priorities().isEmpty()) {
      fit = Optional.empty();
      return;
    }
    if (term != state.term()) {
      term = state.term();
      fit = Optional.empty();
      attempts = 0;
    } else if (now.nanos() - lookedNanos < state.settings().heartbeatNanos()) {
      return;
    }
    Optional<NodeId> best = best(leading, now);
    if (!best.equals(fit)) {
      fit = best;
      fitSinceNanos = now.nanos();
    }
    lookedCommit = state.commitIndex();
    lookedNanos = now.nanos();
    if (fit.isPresent() && isTime(now) && leading.committedInTerm() && isQuiet()) {
      attempts++;
      attemptNanos = now.nanos();
      long deadline = now.nanos() + state.settings().electionMaxNanos();
      transfer.begin(Transfer.NO_CALL, fit.get(), deadline, now, effects);
    }
  }

  /** Whether, at the last look, nobody was to lead instead. */
  boolean isIdle() {
    return fit.isEmpty();
  }

  private Optional<NodeId> best(Leadership leading, Time now) {
    int own = settings.priority(state.self().id());
    return leading
        .candidates(now)
        .filter(peer -> priority(peer) > own && keepsUp(peer))
        .max(Comparator.comparingInt(this::priority))
        .map(peer -> peer.member().id());
  }

  private int priority(Progress peer) {
    return settings.priority(peer.member().id());
  }

  /** Whether it has everything that was committed when this leader looked last. */
  private boolean keepsUp(Progress peer) {
    return peer.state() == PeerStatus.State.PIPELINING && peer.match() >= lookedCommit;
  }

  private boolean isTime(Time now) {
    long timeout = state.settings().electionMaxNanos();
    long pause = PAUSE * timeout << Math.min(attempts - 1, MAX_DOUBLINGS);
    return now.nanos() - fitSinceNanos >= PATIENCE * timeout
        && (attempts == 0 || now.nanos() - attemptNanos >= pause);
  }

  /** Whether nothing is under way that a new leader would have to begin anew. */
  private boolean isQuiet() {
    return !transfer.isRunning()
        && state.hasSpace()
        && state.isConfigurationCommitted()
        && !state.configuration().isChanging();
  }
}
