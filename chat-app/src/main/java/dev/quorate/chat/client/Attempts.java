package dev.quorate.chat.client;

import dev.quorate.chat.proto.Cause;
import dev.quorate.chat.proto.Outcome;
import dev.quorate.chat.proto.Result;
import io.grpc.Channel;
import io.grpc.Deadline;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;

/**
 * Makes one call, at one node after the other, until it has an answer or its time is over.
 *
 * <ol>
 *   <li>An answer that is OK or a refusal by the chat is the end. If it says nothing of an attempt
 *       before it whose end is not known, the outcome is UNKNOWN.
 *   <li>A node that could not be reached, or says that the cluster cannot serve, has certainly not
 *       done it: the next node is asked.
 *   <li>If the end is not known (a lost connection, no answer in time), the next node is asked only
 *       if repeating is harmless; else the outcome is UNKNOWN. A read has no unknown end.
 *   <li>When time is over the outcome is what is known: UNKNOWN if any attempt may have done it,
 *       else the last word of a node, else that none was reached.
 * </ol>
 */
final class Attempts {

  /**
   * Between two rounds through all nodes: where nobody can serve, or no leader is elected yet, they
   * say so at once, and asking on and on would take the processor that the election needs.
   */
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  /** With less time than this left a further attempt would tell nothing. */
  private static final long SHORTEST_ATTEMPT_NANOS = TimeUnit.MILLISECONDS.toNanos(300);

  private final NodeChannels nodes;

  /** Where the last call succeeded: the next one starts there. */
  private final AtomicInteger preferred = new AtomicInteger();

  Attempts(NodeChannels nodes) {
    this.nodes = nodes;
  }

  /** One remote call. */
  interface Call<T> {
    T make(Channel channel, Deadline deadline);
  }

  /**
   * Makes the call.
   *
   * @param total how long all attempts may take together
   * @param each how long one may
   * @param resultOf takes the result out of a response
   * @param withResult makes a response without more than a result
   */
  <T> T run(
      Duration total,
      Duration each,
      Repeat repeat,
      Call<T> call,
      Function<T, Result> resultOf,
      Function<Result, T> withResult) {
    Deadline end = Deadline.after(total.toNanos(), TimeUnit.NANOSECONDS);
    Memory memory = new Memory();
    int first = preferred.get();
    for (int attempt = 0; attempt == 0 || leavesTime(end); attempt++) {
      int index = (first + attempt) % nodes.size();
      if (attempt > 0 && attempt % nodes.size() == 0) {
        LockSupport.parkNanos(PAUSE_NANOS);
      }
      T response = null;
      Result result;
      try {
        Deadline deadline = end.minimum(Deadline.after(each.toNanos(), TimeUnit.NANOSECONDS));
        response = call.make(nodes.channel(index), deadline);
        result = resultOf.apply(response);
      } catch (StatusRuntimeException e) {
        result = lost(index, e.getStatus(), repeat);
      }
      if (isAnswer(result)) {
        preferred.set(index);
        if (memory.open != null && !settles(result)) {
          break;
        }
        return response != null ? response : withResult.apply(result);
      }
      memory.add(result);
      if (Thread.currentThread().isInterrupted() || (isOpen(result) && repeat == Repeat.HARMFUL)) {
        break;
      }
    }
    return withResult.apply(memory.verdict());
  }

  /** What the attempts so far allow to say. */
  private static final class Memory {
    private Result open;
    private Result refusal;
    private Result unreached;

    void add(Result result) {
      if (isOpen(result)) {
        open = result;
      } else if (result.getCause() == Cause.CAUSE_NOT_REACHED) {
        unreached = result;
      } else {
        refusal = result;
      }
    }

    Result verdict() {
      if (open != null) {
        return open;
      }
      if (refusal != null) {
        return refusal;
      }
      return unreached != null ? unreached : notReached("there was no time to ask any node");
    }
  }

  private static boolean leavesTime(Deadline end) {
    return end.timeRemaining(TimeUnit.NANOSECONDS) >= SHORTEST_ATTEMPT_NANOS;
  }

  private Result lost(int index, Status status, Repeat repeat) {
    String node = "node at " + nodes.address(index);
    if (neverSent(status)) {
      return notReached("no connection to the " + node + ": " + reason(status));
    }
    if (status.getCode() == Status.Code.UNIMPLEMENTED) {
      return Result.newBuilder()
          .setOutcome(Outcome.OUTCOME_FAILED)
          .setMessage("the " + node + " is no chat node of this version")
          .build();
    }
    Result.Builder result =
        Result.newBuilder().setMessage("the " + node + " did not answer: " + reason(status));
    return repeat == Repeat.READ
        ? result.setOutcome(Outcome.OUTCOME_UNAVAILABLE).setCause(Cause.CAUSE_TIMED_OUT).build()
        : result.setOutcome(Outcome.OUTCOME_UNKNOWN).build();
  }

  private static Result notReached(String message) {
    return Result.newBuilder()
        .setOutcome(Outcome.OUTCOME_UNAVAILABLE)
        .setCause(Cause.CAUSE_NOT_REACHED)
        .setMessage(message)
        .build();
  }

  private static boolean neverSent(Status status) {
    for (Throwable cause = status.getCause(); cause != null; cause = cause.getCause()) {
      if (cause instanceof ConnectException || cause instanceof UnknownHostException) {
        return true;
      }
    }
    return false;
  }

  private static String reason(Status status) {
    return status.getCode() == Status.Code.DEADLINE_EXCEEDED
        ? "no answer in time"
        : status.getDescription() == null ? status.getCode().toString() : status.getDescription();
  }

  private static boolean isAnswer(Result result) {
    return !isOpen(result)
        && result.getOutcome() != Outcome.OUTCOME_UNAVAILABLE
        && result.getOutcome() != Outcome.OUTCOME_BUSY;
  }

  /** Whether an answer to one attempt tells what became of those before it. */
  private static boolean settles(Result answer) {
    return switch (answer.getOutcome()) {
      case OUTCOME_NOT_LOGGED_IN, OUTCOME_UNKNOWN_CLIENT, OUTCOME_OUT_OF_SEQUENCE -> false;
      default -> true;
    };
  }

  private static boolean isOpen(Result result) {
    return result.getOutcome() == Outcome.OUTCOME_UNKNOWN;
  }
}
