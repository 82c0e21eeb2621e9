package dev.quorate.raft.testkit.internal.check;

import dev.quorate.raft.api.Outcome;
import dev.quorate.raft.testkit.internal.verdict.Violation;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What clients of sessions saw. I15: a command is applied once or not at all, however often it is
 * sent, and always has the result of that time; what is rejected is not applied.
 */
public final class SessionHistory {

  private final ClientHistory calls;
  private final Map<Reference.Place, Submission> submissions = new HashMap<>();
  private int applied;
  private int repeated;

  /**
   * A history without sessions.
   *
   * @param calls what the callers without a session saw: there is one order of all
   */
  public SessionHistory(ClientHistory calls) {
    this.calls = calls;
  }

  /** A command in its place. */
  public final class Submission {

    private final byte[] command;
    private final long mustExceed = calls.acknowledgedIndex();
    private final Optional<SpecifiedCalls.Call> call;
    private Optional<Outcome> end = Optional.empty();

    private Submission(byte[] command, Optional<SpecifiedCalls.Call> call) {
      this.command = command;
      this.call = call;
    }

    /** The command. */
    public byte[] command() {
      return command.clone();
    }

    /** Whether it is known to be applied. */
    public boolean isApplied() {
      return end.filter(Outcome.Applied.class::isInstance).isPresent();
    }

    /** It is sent again, for another process: that it was rejected before binds nobody now. */
    public void again() {
      end = end.filter(Outcome.Applied.class::isInstance);
    }

    /** Its end, as its session says: for good, whatever was sent until now. */
    public void ended(Outcome outcome) {
      if (outcome instanceof Outcome.Applied done) {
        applied(done);
      } else if (!isApplied()) {
        end = Optional.of(outcome);
      } else {
        Violation.unless(
            outcome instanceof Outcome.Unknown, "I15", () -> "first " + end + ", then " + outcome);
      }
    }

    /** What became of one attempt: that it is rejected says nothing of others. */
    public void attempted(Outcome outcome) {
      if (outcome instanceof Outcome.Applied done) {
        applied(done);
      }
    }

    private void applied(Outcome.Applied done) {
      if (end.isPresent() && end.get() instanceof Outcome.Applied first) {
        repeated++;
        Violation.unless(
            isSame(first, done), "I15", () -> "first " + first + ", and when repeated " + done);
        return;
      }
      call.ifPresent(it -> it.returned(done.result()));
      Violation.unless(
          done.index() > mustExceed,
          "I16",
          () -> "a command is applied at " + done.index() + ", submitted after " + mustExceed);
      end = Optional.of(done);
      applied++;
      calls.acknowledged(done.index());
    }
  }

  private static boolean isSame(Outcome.Applied one, Outcome.Applied other) {
    return one.index() == other.index() && Arrays.equals(one.result(), other.result());
  }

  /** It begins with what another cluster came to, which its clients may know. */
  public void restored(Reference reference) {
    for (Reference.Place place : reference.places()) {
      Submission submission = new Submission(reference.command(place), Optional.empty());
      submission.end = reference.at(place).map(Reference.Applied::outcome);
      submissions.put(place, submission);
    }
  }

  /** The command that was submitted in a place of a session. */
  public Submission at(Reference.Place place) {
    return submissions.get(place);
  }

  /** A command is submitted, in a place of a session that was free. */
  public Submission submitted(long session, long sequence, byte[] command) {
    Submission submission = new Submission(command, calls.begun("session " + session, command));
    submissions.put(new Reference.Place(session, sequence), submission);
    return submission;
  }

  /** In the end: what clients saw is what the log gives. */
  public void judge(Reference reference) {
    Set<Reference.Place> places = new HashSet<>(submissions.keySet());
    places.addAll(reference.places());
    for (Reference.Place place : places) {
      Optional<Reference.Applied> given = reference.at(place);
      Optional<Submission> submission = Optional.ofNullable(submissions.get(place));
      Violation.unless(
          submission.filter(it -> agrees(it, given)).isPresent(),
          "I15",
          () ->
              place
                  + " ends with "
                  + submission.flatMap(it -> it.end)
                  + ", the log gives "
                  + given);
    }
  }

  private static boolean agrees(Submission submission, Optional<Reference.Applied> given) {
    if (given.isEmpty()) {
      return !submission.isApplied();
    }
    Reference.Applied is = given.get();
    if (!is.command().equals(ByteBuffer.wrap(submission.command))) {
      return false;
    }
    if (submission.end.isPresent() && submission.end.get() instanceof Outcome.Applied seen) {
      return isSame(seen, is.outcome());
    }
    return submission.end.filter(Outcome.Rejected.class::isInstance).isEmpty();
  }

  /** How many commands in sessions are known to be applied. */
  public int applied() {
    return applied;
  }

  /** How often the result of one that was known to be applied was given again. */
  public int repeated() {
    return repeated;
  }
}
