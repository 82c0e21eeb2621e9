package dev.quorate.raft.engine.client;

import dev.quorate.raft.api.Outcome;
import dev.quorate.raft.api.RejectReason;
import dev.quorate.raft.engine.codec.DecodeException;
import dev.quorate.raft.engine.codec.SessionCodec;
import dev.quorate.raft.engine.message.SessionRequest;
import dev.quorate.raft.engine.message.SessionView;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.TreeSet;

/**
 * The client of one session. The n-th command that is submitted has the n-th place, whatever
 * becomes of it, so that a command and its place never part. Commands wait in the {@link Backlog};
 * those in the window are on their way, or wait for their next attempt, until the cluster has said
 * what became of them.
 *
 * <p>An attempt whose end is not known may be in the log, or get there later; so the command is
 * sent again, even when its caller was told long ago, until the cluster says what became of it. A
 * command of which every attempt was rejected is certainly not applied, and its place is skipped.
 *
 * <p>Feed it inputs, each with the time. It is not safe for use by several threads.
 */
public final class SessionClient {

  private static final long NANOS_PER_MILLI = 1_000_000;
  private static final String PASSED = "the deadline passed before the command's end was known";

  /** An idle session is heard of that often in one timeout. */
  private static final int KEEP_ALIVES_PER_TIMEOUT = 3;

  private final long id;
  private final Patience patience;
  private final Outlet outlet;
  private final Backlog backlog = new Backlog();
  private final ArrayDeque<Submission> window = new ArrayDeque<>();
  private final TreeSet<Submission> byDeadline =
      new TreeSet<>(
          Comparator.comparingLong(Submission::deadlineNanos)
              .thenComparingLong(Submission::sequence));
  private final LinkedHashMap<Long, Submission> attempts = new LinkedHashMap<>();
  private final Errand errand = new Errand();

  /** What is known of the session in the cluster; nothing yet, if it was resumed. */
  private Optional<SessionView> view;

  /** Commands in lower places may have been sent by another process. */
  private long repeatedBelow;

  private long nextSequence;
  private long lastAttempt;
  private long heardNanos;
  private boolean expired;
  private boolean closing;
  private boolean over;
  private long closeByNanos = Long.MAX_VALUE;

  /** What the session itself asks: that it be kept alive, or closed. One at a time. */
  private static final class Errand {
    private long attempt;
    private int failures;
    private long notBeforeNanos;
  }

  private SessionClient(
      long id,
      long nextSequence,
      Optional<SessionView> view,
      Patience patience,
      long nowNanos,
      Outlet outlet) {
    this.id = id;
    this.nextSequence = nextSequence;
    this.view = view;
    this.repeatedBelow = view.isPresent() ? nextSequence : Long.MAX_VALUE;
    this.patience = patience;
    this.heardNanos = nowNanos;
    this.errand.notBeforeNanos = nowNanos;
    this.outlet = outlet;
  }

  /** The client of a session that was just opened. The patience is its alone. */
  public static SessionClient opened(
      long id, SessionView view, Patience patience, long nowNanos, Outlet outlet) {
    return new SessionClient(id, 1, Optional.of(view), patience, nowNanos, outlet);
  }

  /**
   * The client of a session that another process may have used before.
   *
   * @param nextSequence the place of the first command that is submitted here
   */
  public static SessionClient resumed(
      long id, long nextSequence, Patience patience, long nowNanos, Outlet outlet) {
    return new SessionClient(id, nextSequence, Optional.empty(), patience, nowNanos, outlet);
  }

  /** The first place of which the cluster has not said what became of it. */
  public long firstUnresolved() {
    return window.isEmpty() ? backlog.first(nextSequence) : window.peek().sequence();
  }

  /** Whether the cluster has said that there is no such session any more. */
  public boolean isExpired() {
    return expired;
  }

  /** The place that the next command takes. */
  public long nextSequence() {
    return nextSequence;
  }

  /** A command takes the next place, unless the session is over for this process or for good. */
  public void submit(ByteBuffer command, long deadlineNanos, long nowNanos) {
    Submission submission = new Submission(nextSequence, command, deadlineNanos);
    submission.mayBeAppended = submission.sequence() < repeatedBelow;
    submission.notBeforeNanos = nowNanos;
    if (over || closing) {
      end(submission, RejectReason.CLOSED, "the session is closed");
    } else if (expired) {
      end(submission, RejectReason.SESSION_EXPIRED, expiredMessage());
    } else {
      nextSequence++;
      backlog.add(submission);
      byDeadline.add(submission);
    }
    pump(nowNanos);
  }

  /**
   * A command that this process does not send leaves the next place empty. That it is rejected is
   * true only of what no process before this one may have sent.
   */
  public void leaveOut(Outcome.Rejected refusal, long nowNanos) {
    Submission nothing = new Submission(nextSequence, ByteBuffer.allocate(0), Long.MAX_VALUE);
    nothing.mayBeAppended = nothing.sequence() < repeatedBelow;
    nothing.notBeforeNanos = nowNanos;
    nothing.skip();
    end(nothing, refusal.reason(), refusal.message());
    if (!over && !closing && !expired) {
      nextSequence++;
      backlog.add(nothing);
      backlog.merge(nothing);
    }
    pump(nowNanos);
  }

  /** The session is to be closed in the cluster, behind what was submitted, by that time. */
  public void close(long deadlineNanos, long nowNanos) {
    closing = true;
    closeByNanos = Math.min(closeByNanos, deadlineNanos);
    pump(nowNanos);
  }

  /** There is no way to the cluster any more: everything ends now. */
  public void stop(RejectReason reason, String message) {
    if (!over) {
      window.forEach(submission -> submission.mayBeAppended |= submission.inFlight);
      window.forEach(submission -> end(submission, reason, message));
      backlog.commands().forEach(submission -> end(submission, reason, message));
      finish();
    }
  }

  /** An attempt has ended. */
  public void onEnd(long attempt, Outcome outcome, long nowNanos) {
    if (over) {
      return;
    }
    if (attempt == errand.attempt) {
      errand.attempt = 0;
      onErrandEnd(outcome, nowNanos);
    } else {
      Submission submission = attempts.remove(attempt);
      submission.inFlight = false;
      onSubmissionEnd(submission, outcome, nowNanos);
    }
    pump(nowNanos);
  }

  /** Time has passed. */
  public void onWakeUp(long nowNanos) {
    pump(nowNanos);
  }

  /** When {@link #onWakeUp} is wanted. */
  public long nextWakeUp() {
    if (over) {
      return Long.MAX_VALUE;
    }
    long next = isToBeClosed() ? closeByNanos : Long.MAX_VALUE;
    if (!byDeadline.isEmpty()) {
      next = Math.min(next, byDeadline.first().deadlineNanos());
    }
    if (!expired) {
      next = Math.min(next, nextAttemptNanos());
    }
    return errand.attempt != 0 ? next : Math.min(next, errandDueNanos());
  }

  private long nextAttemptNanos() {
    for (Submission submission : window) {
      if (!submission.inFlight && !submission.resolved) {
        return submission.notBeforeNanos;
      }
    }
    return Long.MAX_VALUE;
  }

  // Ends of attempts.

  private void onErrandEnd(Outcome outcome, long nowNanos) {
    if (outcome instanceof Outcome.Applied applied) {
      errand.failures = 0;
      heardNanos = nowNanos;
      if (applied.result().length == 0) {
        finish();
      } else {
        learn(applied.result());
      }
    } else if (isReason(outcome, RejectReason.SESSION_EXPIRED)) {
      expire();
    } else if (isReason(outcome, RejectReason.CLOSED)) {
      stop(RejectReason.CLOSED, ((Outcome.Rejected) outcome).message());
    } else {
      errand.failures++;
      errand.notBeforeNanos = nowNanos + Patience.pauseNanos(errand.failures);
    }
  }

  private void learn(byte[] bytes) {
    SessionView learnt;
    try {
      learnt = SessionCodec.decodeView(bytes);
    } catch (DecodeException e) {
      throw new IllegalStateException("what the cluster says of session " + id + ": " + e, e);
    }
    if (view.isEmpty()) {
      // A process has on its way no more than so many commands behind the last one applied.
      repeatedBelow = learnt.lastSequence() + 1 + learnt.maxResults();
      for (Submission submission : backlog.commands()) {
        submission.mayBeAppended = submission.sequence() < repeatedBelow;
      }
    }
    view = Optional.of(learnt);
  }

  private void onSubmissionEnd(Submission submission, Outcome outcome, long nowNanos) {
    if (outcome instanceof Outcome.Applied) {
      heardNanos = nowNanos;
      resolve(submission, outcome);
      retryThoseBehind(nowNanos);
    } else if (isReason(outcome, RejectReason.SESSION_EXPIRED)) {
      expire();
    } else if (isReason(outcome, RejectReason.SEQUENCE_REUSED)) {
      heardNanos = nowNanos;
      resolve(submission, outcome);
    } else if (isReason(outcome, RejectReason.CLOSED)) {
      stop(RejectReason.CLOSED, ((Outcome.Rejected) outcome).message());
    } else if (isReason(outcome, RejectReason.INVALID) && !submission.isSkipped()) {
      leaveOut(submission, (Outcome.Rejected) outcome);
    } else {
      onFailure(submission, outcome, nowNanos);
    }
  }

  /**
   * The state machine would refuse every further attempt, so that the place is skipped. Only the
   * leader before may have let the command through, if its state machine is of another version.
   */
  private void leaveOut(Submission submission, Outcome.Rejected refusal) {
    end(submission, refusal.reason(), refusal.message());
    submission.skip();
  }

  private void onFailure(Submission submission, Outcome outcome, long nowNanos) {
    if (outcome instanceof Outcome.Rejected rejected) {
      submission.refusal = Optional.of(rejected);
    } else {
      submission.mayBeAppended = true;
    }
    submission.failures++;
    submission.notBeforeNanos = nowNanos + Patience.pauseNanos(submission.failures);
    if (expired) {
      end(submission, RejectReason.SESSION_EXPIRED, expiredMessage());
    } else if (nowNanos - submission.deadlineNanos() >= 0) {
      giveUp(submission);
    }
  }

  /** What came too early for a place may be in time now. */
  private void retryThoseBehind(long nowNanos) {
    for (Submission submission : window) {
      boolean early =
          submission.refusal.filter(it -> it.reason() == RejectReason.OUT_OF_ORDER).isPresent();
      if (early && !submission.inFlight) {
        submission.notBeforeNanos = nowNanos;
      }
    }
  }

  private void resolve(Submission submission, Outcome outcome) {
    submission.resolved = true;
    while (!window.isEmpty() && window.peek().resolved) {
      window.poll();
    }
    tell(submission, outcome);
  }

  private void tell(Submission submission, Outcome outcome) {
    if (!submission.told) {
      submission.told = true;
      byDeadline.remove(submission);
      outlet.end(submission.sequence(), outcome);
    }
  }

  /** Tells an end for a reason that concerns more than the command. */
  private void end(Submission submission, RejectReason reason, String message) {
    tell(
        submission,
        submission.mayBeAppended
            ? new Outcome.Unknown(message + "; an attempt before that may have been applied")
            : new Outcome.Rejected(reason, message));
  }

  /**
   * Nobody waits any longer for a command that is not on its way. Unless an attempt from here may
   * be in the log, its place is skipped: whatever may still come of it then finds its place taken.
   */
  private void giveUp(Submission submission) {
    if (submission.told) {
      return;
    }
    boolean sent = submission.failures > 0;
    if (submission.mayBeAppended) {
      tell(submission, new Outcome.Unknown(PASSED));
    } else {
      tell(submission, submission.refusal.orElseGet(this::notSent));
    }
    if (!sent || !submission.mayBeAppended) {
      submission.skip();
    }
  }

  private Outcome.Rejected notSent() {
    return Optional.ofNullable(window.peek())
        .flatMap(first -> first.refusal)
        .orElseGet(
            () ->
                new Outcome.Rejected(
                    RejectReason.OVER_LIMIT,
                    "the deadline passed while what was submitted before was not done"));
  }

  // The end of the session.

  private void expire() {
    expired = true;
    for (Submission submission : window) {
      if (!submission.inFlight) {
        end(submission, RejectReason.SESSION_EXPIRED, expiredMessage());
      }
    }
    for (Submission submission : backlog.commands()) {
      end(submission, RejectReason.SESSION_EXPIRED, expiredMessage());
    }
    backlog.clear();
  }

  private String expiredMessage() {
    return "session " + id + " has expired or was closed";
  }

  private void finish() {
    over = true;
    outlet.closed();
  }

  // What is to be sent.

  private void pump(long nowNanos) {
    if (over) {
      return;
    }
    passDeadlines(nowNanos);
    if (!expired && view.isPresent() && sendWindow(nowNanos)) {
      sendBacklog(nowNanos);
    }
    runErrand(nowNanos);
  }

  private void passDeadlines(long nowNanos) {
    while (!byDeadline.isEmpty() && nowNanos - byDeadline.first().deadlineNanos() >= 0) {
      Submission submission = byDeadline.pollFirst();
      // One that is on its way ends at the same deadline.
      if (!submission.inFlight) {
        giveUp(submission);
        backlog.merge(submission);
      }
    }
  }

  /** Sends what is due again; false if something before is to wait, so that the rest has to. */
  private boolean sendWindow(long nowNanos) {
    for (Submission submission : window) {
      if (!submission.inFlight && !submission.resolved) {
        if (submission.isDue(nowNanos)) {
          submission.notBeforeNanos = patience.repetitionNanos(nowNanos);
        }
        if (!submission.isDue(nowNanos)) {
          return false;
        }
        send(submission, nowNanos);
      }
    }
    return true;
  }

  private void sendBacklog(long nowNanos) {
    SessionView session = view.orElseThrow();
    while (backlog.size() > 0 && window.size() < session.maxResults()) {
      Submission submission = backlog.poll();
      window.add(submission);
      if (submission.sequence() <= session.acknowledged()) {
        // An earlier process knew its end, which is not kept.
        resolve(submission, new Outcome.Unknown("its end was acknowledged and is not kept"));
      } else {
        send(submission, nowNanos);
      }
    }
  }

  private void send(Submission submission, long nowNanos) {
    long acknowledged = firstUnresolved() - 1;
    submission.inFlight = true;
    long attempt = ++lastAttempt;
    attempts.put(attempt, submission);
    long patient = nowNanos + patience.nanos(submission.failures);
    long sequence = submission.sequence();
    outlet.send(
        attempt,
        submission.isSkipped()
            ? new SessionRequest.Skip(id, sequence, acknowledged, submission.through())
            : new SessionRequest.Command(id, sequence, acknowledged, submission.command()),
        submission.told ? patient : Math.min(patient, submission.deadlineNanos()));
  }

  private void runErrand(long nowNanos) {
    if (over || errand.attempt != 0) {
      return;
    }
    if (closing && (expired || nowNanos - closeByNanos >= 0)) {
      if (isQuiet()) {
        finish();
      }
    } else if (!expired && nowNanos - errandDueNanos() >= 0) {
      errand.notBeforeNanos = errand.failures == 0 ? nowNanos : patience.repetitionNanos(nowNanos);
      if (errand.notBeforeNanos > nowNanos) {
        return;
      }
      errand.attempt = ++lastAttempt;
      long deadline = nowNanos + patience.nanos(errand.failures);
      outlet.send(
          errand.attempt,
          isToBeClosed() ? new SessionRequest.Close(id) : new SessionRequest.KeepAlive(id),
          isToBeClosed() ? Math.min(deadline, closeByNanos) : deadline);
    }
  }

  private long errandDueNanos() {
    if (expired) {
      return Long.MAX_VALUE;
    }
    if (view.isEmpty() || isToBeClosed()) {
      return errand.notBeforeNanos;
    }
    long interval = view.get().timeoutMillis() * NANOS_PER_MILLI / KEEP_ALIVES_PER_TIMEOUT;
    return Math.max(errand.notBeforeNanos, heardNanos + interval);
  }

  private boolean isToBeClosed() {
    return closing && isQuiet();
  }

  /** Whether nobody waits for anything. */
  private boolean isQuiet() {
    return byDeadline.isEmpty() && window.stream().allMatch(submission -> submission.told);
  }

  private static boolean isReason(Outcome outcome, RejectReason reason) {
    return outcome instanceof Outcome.Rejected rejected && rejected.reason() == reason;
  }
}
