package dev.quorate.chat.service;

import dev.quorate.chat.proto.Cause;
import dev.quorate.chat.proto.Outcome;
import dev.quorate.chat.proto.Result;

/** A call that is not {@code OUTCOME_OK}, on its way through futures to its answer. */
final class CallFailure extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final transient Result result;

  CallFailure(Result result) {
    // No stack trace: it is an answer, not a fault.
    super(result.getMessage(), null, false, false);
    this.result = result;
  }

  CallFailure(Outcome outcome, String message) {
    this(Result.newBuilder().setOutcome(outcome).setMessage(message).build());
  }

  CallFailure(Outcome outcome, Cause cause, String message) {
    this(Result.newBuilder().setOutcome(outcome).setCause(cause).setMessage(message).build());
  }

  Result result() {
    return result;
  }
}
