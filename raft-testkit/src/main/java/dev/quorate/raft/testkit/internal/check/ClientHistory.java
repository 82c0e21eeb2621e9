package dev.quorate.raft.testkit.internal.check;

import dev.quorate.raft.api.Outcome;
import dev.quorate.raft.api.ReadConsistency;
import dev.quorate.raft.api.ReadOutcome;
import dev.quorate.raft.api.StateMachine;
import dev.quorate.raft.api.storage.LogEntry;
import dev.quorate.raft.testkit.internal.verdict.Violation;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * What callers saw. Every result names its log index, so that linearizability (I16) needs no
 * search: the indexes must agree with the order in which calls really followed each other, and each
 * result must be the one that the committed log gives at that index. Where the state machine has a
 * specification, it is searched for an order as well.
 */
public final class ClientHistory {

  private static final String CALLER = "caller";

  private final LongSupplier trueTime;
  private final Optional<SpecifiedCalls<?, ?, ?>> specified;
  private final boolean judgesAges;
  private final List<Command> commands = new ArrayList<>();
  private final List<Read> answered = new ArrayList<>();
  private final Acknowledged acknowledged = new Acknowledged();
  private long acknowledgedIndex;
  private int applied;
  private int rejected;
  private int unknown;
  private int refused;
  private String lastFailure = "none";

  /** A command that somebody waits for. */
  public final class Command {
    private final ByteBuffer payload;
    private final long mustExceed;
    private final Optional<SpecifiedCalls.Call> call;
    private Outcome outcome;

    private Command(ByteBuffer payload, long mustExceed, Optional<SpecifiedCalls.Call> call) {
      this.payload = payload.asReadOnlyBuffer();
      this.mustExceed = mustExceed;
      this.call = call;
    }

    /** Its end. */
    public void ended(Outcome end) {
      Violation.unless(
          outcome == null, "I15", () -> "a command ends twice: " + outcome + ", " + end);
      outcome = end;
      if (end instanceof Outcome.Applied done) {
        applied++;
        call.ifPresent(it -> it.returned(done.result()));
        Violation.unless(
            done.index() > mustExceed,
            "I16",
            () -> "a command is applied at " + done.index() + ", submitted after " + mustExceed);
        acknowledged(done.index());
      } else if (end instanceof Outcome.Rejected) {
        call.ifPresent(it -> it.failed(end.toString()));
        rejected++;
        lastFailure = end.toString();
      } else {
        unknown++;
        lastFailure = end.toString();
      }
    }
  }

  /** A read that somebody waits for. */
  public final class Read {
    private final byte[] query;
    private final long atLeast;
    private final Optional<SpecifiedCalls.Call> call;
    private long index;
    private byte[] value;

    private Read(byte[] query, long atLeast, Optional<SpecifiedCalls.Call> call) {
      this.query = query;
      this.atLeast = atLeast;
      this.call = call;
    }

    /** Its end. */
    public void ended(ReadOutcome outcome) {
      if (outcome instanceof ReadOutcome.Answered done) {
        call.ifPresent(it -> it.returned(done.value()));
        Violation.unless(
            done.index() >= atLeast,
            "I16",
            () -> "a read saw " + done.index() + ", asked after " + atLeast);
        acknowledged(done.index());
        index = done.index();
        value = done.value();
        answered.add(this);
      } else {
        refused++;
        lastFailure = "a read: " + outcome;
      }
    }

    /** The node that was asked is gone. */
    public void lost() {
      refused++;
    }
  }

  /**
   * A history without calls.
   *
   * @param trueTime the time that no node knows, in nanoseconds
   * @param judgesAges whether the nodes' clocks are good enough to tell how old an answer is
   * @param specified what is judged by a model too, if there is one
   */
  public ClientHistory(
      LongSupplier trueTime, boolean judgesAges, Optional<SpecifiedCalls<?, ?, ?>> specified) {
    this.trueTime = trueTime;
    this.judgesAges = judgesAges;
    this.specified = specified;
  }

  /** It begins with what another cluster came to, which callers may know. */
  public void restored(Reference reference) {
    Ledger ledger = reference.ledger();
    for (long index = 1; index <= ledger.lastIndex(); index++) {
      LogEntry entry = ledger.at(index);
      if (entry.type() == LogEntry.Type.COMMAND) {
        Command command = new Command(entry.payload(), 0, Optional.empty());
        command.outcome = reference.at(index).orElseThrow().outcome();
        commands.add(command);
      }
    }
    acknowledged(ledger.lastIndex());
  }

  /** A command that any client submits, as the model sees it. */
  Optional<SpecifiedCalls.Call> begun(String client, byte[] command) {
    return specified.map(it -> it.command(client, command));
  }

  /** A caller learns that an index is committed. */
  void acknowledged(long index) {
    acknowledgedIndex = Math.max(acknowledgedIndex, index);
    acknowledged.at(trueTime.getAsLong(), acknowledgedIndex);
  }

  /** A command is submitted. */
  public Command submitted(byte[] payload) {
    Command command =
        new Command(ByteBuffer.wrap(payload), acknowledgedIndex, begun(CALLER, payload));
    commands.add(command);
    return command;
  }

  /** A read begins. */
  public Read reads(byte[] query, ReadConsistency consistency) {
    if (consistency instanceof ReadConsistency.Stale stale) {
      long lag = stale.maxLag().toNanos();
      long known = judgesAges ? acknowledged.before(trueTime.getAsLong(), lag) : 0;
      return new Read(query, known, Optional.empty());
    }
    return consistency instanceof ReadConsistency.AtLeast atLeast
        ? new Read(query, atLeast.index(), Optional.empty())
        : new Read(query, acknowledgedIndex, specified.map(it -> it.query(CALLER, query)));
  }

  /** The highest index that any caller knows. */
  public long acknowledgedIndex() {
    return acknowledgedIndex;
  }

  /** I16 by the model alone, as far as is known now. */
  public void judgeByModel(Reference reference) {
    specified.ifPresent(it -> it.judge(reference.commands()::contains));
  }

  /**
   * What a run is to fail for that is broken: what clients can see for themselves, where the model
   * finds that, says more than what came to light first.
   */
  public Violation gravest(Violation broken, Reference reference) {
    try {
      judgeByModel(reference);
    } catch (Violation seen) {
      if (seen.invariant().equals(SpecifiedCalls.NO_ORDER)) {
        seen.addSuppressed(broken);
        return seen;
      }
    }
    return broken;
  }

  /** For how many calls the model had to account. */
  public long explained() {
    return specified.map(SpecifiedCalls::explained).orElse(0L);
  }

  /** In the end: I15, and that every answer is the one that the committed log gives. */
  public void judge(Reference reference, StateMachine replay) {
    Ledger ledger = reference.ledger();
    judgeCounts(ledger);
    Map<Long, Command> byIndex = new HashMap<>();
    for (Command command : commands) {
      if (command.outcome instanceof Outcome.Applied done) {
        Command other = byIndex.put(done.index(), command);
        Violation.unless(other == null, "I15", () -> "two commands are applied at " + done.index());
        Violation.unless(
            done.index() <= ledger.lastIndex()
                && ledger.at(done.index()).payload().equals(command.payload),
            "I15",
            () -> "an acknowledged command is not in the log at " + done.index());
      }
    }
    answered.sort(Comparator.comparingLong(read -> read.index));
    int next = judgeReads(0, 0, replay);
    for (long index = 1; index <= ledger.lastIndex(); index++) {
      Optional<byte[]> result = reference.at(index).map(applied -> applied.by(replay));
      Command command = byIndex.get(index);
      if (command != null) {
        Outcome.Applied done = (Outcome.Applied) command.outcome;
        Violation.unless(
            result.filter(it -> Arrays.equals(done.result(), it)).isPresent(),
            "I16",
            () -> "the result at " + done.index() + " is not what the log gives");
      }
      next = judgeReads(next, index, replay);
    }
    int judged = next;
    Violation.unless(judged == answered.size(), "I16", () -> "a read saw more than is committed");
  }

  /** Judges the reads at an index, which begin at a place in the list; returns where they end. */
  private int judgeReads(int first, long index, StateMachine replay) {
    int next = first;
    for (; next < answered.size() && answered.get(next).index == index; next++) {
      Read read = answered.get(next);
      Violation.unless(
          Arrays.equals(read.value, replay.query(ByteBuffer.wrap(read.query))),
          "I16",
          () -> "a read at " + read.index + " is not what the log gives");
    }
    return next;
  }

  /**
   * I15 by numbers, because different calls may submit equal commands: each is in the log at least
   * as often as it was acknowledged, and at most as often as it was not rejected.
   */
  private void judgeCounts(Ledger ledger) {
    Map<Payload, Counts> all = new HashMap<>();
    for (long index = 1; index <= ledger.lastIndex(); index++) {
      LogEntry entry = ledger.at(index);
      if (entry.type() == LogEntry.Type.COMMAND) {
        all.computeIfAbsent(new Payload(entry.payload()), payload -> new Counts()).found++;
      }
    }
    for (Command command : commands) {
      Counts counts = all.computeIfAbsent(new Payload(command.payload), payload -> new Counts());
      counts.acknowledged += command.outcome instanceof Outcome.Applied ? 1 : 0;
      counts.possible += command.outcome instanceof Outcome.Rejected ? 0 : 1;
    }
    all.forEach(
        (payload, counts) ->
            Violation.unless(
                counts.acknowledged <= counts.found && counts.found <= counts.possible,
                "I15",
                () ->
                    "a command of "
                        + payload.bytes.remaining()
                        + " bytes, acknowledged "
                        + counts.acknowledged
                        + " times and rejected otherwise but "
                        + (counts.possible - counts.acknowledged)
                        + " times, is "
                        + counts.found
                        + " times in the log"));
  }

  /** How often equal commands are in the log, were acknowledged, and were not rejected. */
  private static final class Counts {
    private int found;
    private int acknowledged;
    private int possible;
  }

  /** A command as a key: a buffer would go through its bytes again at every look at its hash. */
  private static final class Payload {
    private final ByteBuffer bytes;
    private final int hash;

    private Payload(ByteBuffer bytes) {
      this.bytes = bytes;
      this.hash = bytes.hashCode();
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Payload that && hash == that.hash && bytes.equals(that.bytes);
    }

    @Override
    public int hashCode() {
      return hash;
    }
  }

  /** How many commands were acknowledged. */
  public int applied() {
    return applied;
  }

  /** How many reads were answered. */
  public int reads() {
    return answered.size();
  }

  /** How many commands were certainly not applied. */
  public int rejected() {
    return rejected;
  }

  /** How many commands ended without a word. */
  public int unknown() {
    return unknown;
  }

  @Override
  public String toString() {
    return applied
        + " applied, "
        + rejected
        + " rejected, "
        + unknown
        + " unknown, "
        + answered.size()
        + " reads answered, "
        + refused
        + " refused; the last failure: "
        + lastFailure;
  }
}
