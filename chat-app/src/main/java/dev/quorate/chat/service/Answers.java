package dev.quorate.chat.service;

import dev.quorate.chat.json.UnreadableJsonException;
import dev.quorate.chat.proto.Outcome;
import dev.quorate.chat.proto.Result;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** How every call of the chat service begins and ends. */
final class Answers {

  static final Result OK = Result.newBuilder().setOutcome(Outcome.OUTCOME_OK).build();

  /** For callers that give no deadline, or a long one. */
  private static final long LONGEST_MILLIS = 10_000;

  /** How much earlier than the caller's deadline the answer is due, so that it arrives. */
  private static final long MARGIN_MILLIS = 150;

  private static final System.Logger LOG = System.getLogger(Answers.class.getName());

  private Answers() {}

  /** What a call does, given when it must be done. */
  interface Operation<T> {
    CompletableFuture<T> start(Deadline deadline);
  }

  /**
   * Runs an operation and answers, whatever becomes of it.
   *
   * @param failed makes the response of a call that is not OK
   */
  static <T> void answer(
      StreamObserver<T> observer, Operation<T> operation, Function<Result, T> failed) {
    answer(observer, LONGEST_MILLIS, operation, failed);
  }

  /**
   * The same, for what takes longer.
   *
   * @param longestMillis how long at most
   */
  static <T> void answer(
      StreamObserver<T> observer,
      long longestMillis,
      Operation<T> operation,
      Function<Result, T> failed) {
    // With a handler, an answer to a caller that has gone is dropped instead of thrown back here.
    ((ServerCallStreamObserver<T>) observer).setOnCancelHandler(() -> {});
    CompletableFuture<T> response;
    try {
      response = operation.start(deadline(longestMillis));
    } catch (IllegalArgumentException e) {
      // What is refused before anything began is the caller's: the records' constructors name it.
      response =
          CompletableFuture.failedFuture(new CallFailure(Outcome.OUTCOME_INVALID, e.getMessage()));
    } catch (RuntimeException e) {
      response = CompletableFuture.failedFuture(e);
    }
    response
        .exceptionally(e -> failed.apply(result(e)))
        .thenAccept(
            message -> {
              observer.onNext(message);
              observer.onCompleted();
            });
  }

  private static Deadline deadline(long longestMillis) {
    Deadline ours = Deadline.after(longestMillis, TimeUnit.MILLISECONDS);
    Deadline callers = Context.current().getDeadline();
    return callers == null
        ? ours
        : ours.minimum(callers.offset(-MARGIN_MILLIS, TimeUnit.MILLISECONDS));
  }

  private static Result result(Throwable thrown) {
    Throwable e = thrown instanceof CompletionException ? thrown.getCause() : thrown;
    if (e instanceof CallFailure failure) {
      return failure.result();
    }
    LOG.log(System.Logger.Level.ERROR, "a call failed", e);
    String message =
        e instanceof UnreadableJsonException
            ? "another version of the chat answered what this node cannot read"
            : "a fault in the node; its log has the facts";
    return Result.newBuilder().setOutcome(Outcome.OUTCOME_FAILED).setMessage(message).build();
  }
}
