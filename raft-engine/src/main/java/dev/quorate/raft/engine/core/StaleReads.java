package dev.quorate.raft.engine.core;

import dev.quorate.raft.api.RejectReason;
import dev.quorate.raft.engine.core.Effects.Completion;
import dev.quorate.raft.engine.message.Message.Freshness;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Reads of a state that is at most so old, which a node answers or refuses at once. A leader
 * vouches, to itself and in its heartbeats, that everything that was acknowledged before a moment
 * is within an index; this node's state is as old as the latest such moment whose index it has
 * applied. What was vouched for stays true in every later term.
 */
final class StaleReads {

  private final NodeState state;
  private final LinkedHashMap<Long, Long> asked = new LinkedHashMap<>();
  private Optional<Voucher> applied = Optional.empty();

  // The older one is kept until it is applied: under load the newest may never be.
  private Optional<Voucher> next = Optional.empty();
  private Optional<Voucher> newest = Optional.empty();

  private record Voucher(long nanos, long index) {}

  StaleReads(NodeState state) {
    this.state = state;
  }

  void onRead(long number, Duration maxLag) {
    asked.put(number, saturated(maxLag));
  }

  /** Whether none was asked in this turn. */
  boolean isIdle() {
    return asked.isEmpty();
  }

  private static long saturated(Duration lag) {
    try {
      return lag.toNanos();
    } catch (ArithmeticException e) {
      return Long.MAX_VALUE;
    }
  }

  /** A leader's word, for this node if it names its boot. */
  void vouch(Freshness fresh) {
    if (fresh.boot() == state.self().boot()) {
      vouch(fresh.nanos(), fresh.index());
    }
  }

  /** Everything that was acknowledged to anybody before that moment is within that index. */
  void vouch(long nanos, long index) {
    if (nanos == Contact.NEVER || newest.isPresent() && newest.get().nanos >= nanos) {
      return;
    }
    newest = Optional.of(new Voucher(nanos, index));
    if (next.isEmpty()) {
      next = newest;
    }
    settle();
  }

  private void settle() {
    while (next.isPresent() && next.get().index <= state.appliedIndex()) {
      applied = next;
      next = newest.filter(voucher -> !voucher.equals(applied.get()));
    }
  }

  /** Answers or refuses what was asked in this turn. */
  void endTurn(Time now, Effects effects) {
    settle();
    for (Map.Entry<Long, Long> read : asked.entrySet()) {
      long number = read.getKey();
      boolean fresh = applied.filter(it -> now.nanos() - it.nanos <= read.getValue()).isPresent();
      effects.complete(
          fresh
              ? new Completion.ReadReady(number, state.appliedIndex())
              : new Completion.ReadRefused(number, RejectReason.TOO_STALE, howStale(now)));
    }
    asked.clear();
  }

  private String howStale(Time now) {
    if (applied.isEmpty()) {
      return "this node cannot tell how old its state is: it has not heard enough of a leader yet";
    }
    String lag = "this node's state may be " + millis(now.nanos() - applied.get().nanos) + " old";
    return next.isPresent()
        ? lag + ": it has applied up to " + state.appliedIndex() + ", not yet " + next.get().index
        : lag + ": it has heard of no later moment at which a leader led";
  }

  private static String millis(long nanos) {
    return Duration.ofNanos(nanos).toMillis() + "ms";
  }
}
