package dev.quorate.raft.engine.sim;

import dev.quorate.raft.api.Outcome;
import dev.quorate.raft.api.storage.LogEntry;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * What callers saw. The state is the log itself, so that linearizability needs no search: a command
 * that is acknowledged has an index above everything that was acknowledged or read before it was
 * submitted, and a read sees at least that.
 */
final class History {

  private final Map<Long, Call> calls = new HashMap<>();
  private final Set<Long> changedVersions = new HashSet<>();
  private long acknowledgedIndex;
  private int applied;
  private int rejected;
  private int unknown;
  private int answeredReads;
  private String lastFailure = "none";

  private static final class Call {
    private final long mustExceed;
    private Outcome outcome;

    private Call(long mustExceed) {
      this.mustExceed = mustExceed;
    }
  }

  void submitted(long command) {
    calls.put(command, new Call(acknowledgedIndex));
  }

  void ended(long command, Outcome outcome) {
    Call call = calls.get(command);
    Invariants.check(call.outcome == null, "I15", () -> "command " + command + " ends twice");
    call.outcome = outcome;
    if (outcome instanceof Outcome.Applied done) {
      applied++;
      Invariants.check(
          done.index() > call.mustExceed,
          "I16",
          () -> "command " + command + " at " + done.index() + " after " + call.mustExceed);
      acknowledgedIndex = Math.max(acknowledgedIndex, done.index());
    } else if (outcome instanceof Outcome.Rejected) {
      rejected++;
      lastFailure = command + " " + outcome;
    } else {
      unknown++;
      lastFailure = command + " " + outcome;
    }
  }

  /** The index that a read which begins now must see at least. */
  long readBegins() {
    return acknowledgedIndex;
  }

  void readRefused(Object refusal) {
    lastFailure = "a read: " + refusal;
  }

  void readEnds(long atLeast, long sawIndex) {
    answeredReads++;
    Invariants.check(sawIndex >= atLeast, "I16", () -> "read at " + sawIndex + " after " + atLeast);
    acknowledgedIndex = Math.max(acknowledgedIndex, sawIndex);
  }

  /** P12: what was set from a version is in effect as the next one, once. */
  void settingsChanged(long fromVersion) {
    Invariants.check(
        changedVersions.add(fromVersion),
        "P12",
        () -> "version " + fromVersion + " is followed twice");
  }

  int settingsCount() {
    return changedVersions.size();
  }

  /** I15: acknowledged commands are in the log once, where it was said; rejected ones never. */
  void judge(Invariants invariants) {
    Map<Long, Long> indexOf = new HashMap<>();
    for (long index = 1; index <= invariants.committedCount(); index++) {
      LogEntry entry = invariants.committedAt(index);
      if (entry.type() == LogEntry.Type.COMMAND) {
        Long before = indexOf.put(entry.payload().getLong(), index);
        Invariants.check(before == null, "I15", () -> entry + " is also at " + before);
      }
    }
    calls.forEach(
        (command, call) -> {
          Long index = indexOf.get(command);
          if (call.outcome instanceof Outcome.Applied done) {
            Invariants.check(
                index != null && index == done.index(), "I15", () -> command + " lost: " + done);
          } else if (call.outcome instanceof Outcome.Rejected) {
            Invariants.check(index == null, "I15", () -> command + " rejected, yet at " + index);
          }
        });
  }

  int appliedCount() {
    return applied;
  }

  int readCount() {
    return answeredReads;
  }

  @Override
  public String toString() {
    return applied
        + " applied, "
        + rejected
        + " rejected, "
        + unknown
        + " unknown, "
        + answeredReads
        + " reads, the last failure: "
        + lastFailure;
  }
}
