package dev.quorate.raft.engine.runtime;

import dev.quorate.raft.api.RejectReason;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;

/**
 * The calls of this process that have not ended, by number and by deadline. The number of calls is
 * bounded, and with it the node loop's lane of calls. The node loop adds; anybody ends.
 */
final class Calls {

  private static final Comparator<Due> BY_TIME =
      Comparator.comparingLong(Due::nanos).thenComparingLong(Due::number);

  private final int max;
  private final Executor callbacks;
  private final AtomicInteger pending = new AtomicInteger();
  private final ConcurrentMap<Long, Call<?>> byNumber = new ConcurrentHashMap<>();
  private final ConcurrentSkipListMap<Due, Call<?>> byDeadline =
      new ConcurrentSkipListMap<>(BY_TIME);
  private long lastNumber;

  private record Due(long nanos, long number) {
    static Due of(Call<?> call) {
      return new Due(call.deadlineNanos(), call.number());
    }
  }

  Calls(int max, Executor callbacks) {
    this.max = max;
    this.callbacks = callbacks;
  }

  /** Makes room for a call; false if there is none. Whoever gets room ends the call some day. */
  boolean reserve() {
    if (pending.incrementAndGet() > max) {
      pending.decrementAndGet();
      return false;
    }
    return true;
  }

  /** How many have not ended. */
  int pending() {
    return pending.get();
  }

  /** Takes a call under the next number; false if it has ended already. Only for the node loop. */
  boolean add(Call<?> call) {
    if (!call.take(++lastNumber)) {
      return false;
    }
    byNumber.put(call.number(), call);
    byDeadline.put(Due.of(call), call);
    return true;
  }

  /** The call of that number and kind, if it has not ended. */
  <C extends Call<?>> Optional<C> find(long number, Class<C> kind) {
    return Optional.ofNullable(byNumber.get(number)).filter(kind::isInstance).map(kind::cast);
  }

  /** When the first of the deadlines passes. */
  long nextDeadline() {
    var first = byDeadline.firstEntry();
    return first == null ? Long.MAX_VALUE : first.getKey().nanos();
  }

  /** The calls whose deadlines have passed, in the order of their deadlines. */
  List<Call<?>> expired(long nowNanos) {
    // At the end of every turn there is hardly ever one.
    if (nextDeadline() > nowNanos) {
      return List.of();
    }
    return new ArrayList<>(byDeadline.headMap(new Due(nowNanos, Long.MAX_VALUE), true).values());
  }

  /** All calls, in the order of their deadlines. */
  List<Call<?>> all() {
    return new ArrayList<>(byDeadline.values());
  }

  /** Ends a call, if nobody did. */
  <T> void end(Call<T> call, T result) {
    if (call.claim()) {
      remove(call);
      callbacks.execute(() -> call.future().complete(result));
    }
  }

  /** Ends a call by an exception, which is for misuse only. */
  void fail(Call<?> call, RuntimeException misuse) {
    if (call.claim()) {
      remove(call);
      callbacks.execute(() -> call.future().completeExceptionally(misuse));
    }
  }

  /** Takes back a call that the node loop has not taken; false if it has. */
  boolean withdraw(Call<?> call) {
    boolean withdrawn = call.claimUntaken();
    if (withdrawn) {
      pending.decrementAndGet();
    }
    return withdrawn;
  }

  /** Refuses a call that the node loop has not taken, nor will. */
  <T> void refuse(Call<T> call, RejectReason reason, String message) {
    if (withdraw(call)) {
      callbacks.execute(() -> call.future().complete(call.refused(reason, message)));
    }
  }

  /** Ends a call: as refused if the core never had it, else as lost. Only for the node loop. */
  <T> void abandon(Call<T> call, RejectReason reason, String message) {
    BiFunction<RejectReason, String, T> end = call.isHandedOver() ? call::lost : call::refused;
    end(call, end.apply(reason, message));
  }

  private void remove(Call<?> call) {
    byNumber.remove(call.number());
    byDeadline.remove(Due.of(call));
    pending.decrementAndGet();
  }
}
