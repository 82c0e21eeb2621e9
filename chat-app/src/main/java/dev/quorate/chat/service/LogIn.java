package dev.quorate.chat.service;

import dev.quorate.chat.command.OpenSession;
import dev.quorate.chat.proto.LogInResponse;
import dev.quorate.chat.proto.Outcome;
import dev.quorate.chat.proto.Result;
import dev.quorate.chat.query.PasswordOf;
import dev.quorate.chat.result.PasswordFound;
import dev.quorate.chat.result.SessionOpened;
import io.grpc.Context;
import io.grpc.Deadline;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * Logs in: asks the state for what is kept of the password, compares on this node, and has a
 * session opened. A wrong name goes exactly the way of a wrong password.
 */
final class LogIn {

  private final Replication replication;
  private final PasswordHasher hasher;
  private final SessionTokens tokens;
  private final LogInThrottle throttle = new LogInThrottle(System::nanoTime);

  LogIn(Replication replication, PasswordHasher hasher, SessionTokens tokens) {
    this.replication = replication;
    this.hasher = hasher;
    this.tokens = tokens;
  }

  CompletableFuture<LogInResponse> start(String name, String password, Deadline deadline) {
    PasswordRules.require(password);
    PasswordOf query = new PasswordOf(name);
    Duration pause = throttle.begin(name);
    if (!pause.isZero()) {
      throw new CallFailure(tooMany(pause));
    }
    Context call = Context.current();
    CompletableFuture<Optional<PasswordFound>> right;
    try {
      right =
          replication
              .read(query, PasswordFound.class, deadline)
              .thenApply(Optional::of)
              .exceptionally(LogIn::nobody)
              .thenCompose(
                  found ->
                      hasher
                          .matches(password, found.map(PasswordFound::password), call::isCancelled)
                          .thenApply(matches -> found.filter(any -> matches)));
    } catch (RuntimeException e) {
      throttle.undecided(name);
      throw e;
    }
    return right
        .whenComplete(
            (checked, e) -> {
              if (e != null) {
                throttle.undecided(name);
              } else if (checked.isPresent()) {
                throttle.succeeded(name);
              } else {
                throttle.failed(name);
              }
            })
        .thenCompose(checked -> open(name, checked.orElseThrow(LogIn::wrong), deadline));
  }

  private static CallFailure wrong() {
    return new CallFailure(Outcome.OUTCOME_WRONG_CREDENTIALS, "the name or the password is wrong");
  }

  /** Opens a session if the password that was checked is still the account's. */
  private CompletableFuture<LogInResponse> open(
      String name, PasswordFound checked, Deadline deadline) {
    String token = tokens.create();
    return replication
        .submit(
            new OpenSession(name, checked.credentials(), SessionTokens.keyOf(token)),
            SessionOpened.class,
            deadline)
        .thenApply(
            opened ->
                LogInResponse.newBuilder()
                    .setResult(Answers.OK)
                    .setSessionToken(token)
                    .setUnread(opened.unread())
                    .build());
  }

  /** A name that does not exist has no hash; every other failure stays one. */
  private static Optional<PasswordFound> nobody(Throwable thrown) {
    Throwable e = thrown instanceof CompletionException ? thrown.getCause() : thrown;
    if (e instanceof CallFailure failure
        && failure.result().getOutcome() == Outcome.OUTCOME_NO_SUCH_ACCOUNT) {
      return Optional.empty();
    }
    throw new CompletionException(e);
  }

  private static Result tooMany(Duration pause) {
    long millis = pause.toMillis() + 1;
    return Result.newBuilder()
        .setOutcome(Outcome.OUTCOME_TOO_MANY_ATTEMPTS)
        .setMessage("too many failed attempts; try again in " + millis + " ms")
        .setRetryAfterMillis(millis)
        .build();
  }
}
