package dev.quorate.raft.testkit.internal.storage;

import dev.quorate.raft.api.storage.HardState;
import dev.quorate.raft.api.storage.LogEntry;
import dev.quorate.raft.api.storage.SnapshotId;
import dev.quorate.raft.api.storage.WriteBatch;
import dev.quorate.raft.api.storage.WriteRecord;
import dev.quorate.raft.engine.codec.ConfigurationCodec;
import dev.quorate.raft.engine.codec.DecodeException;
import dev.quorate.raft.engine.message.Configuration;
import dev.quorate.raft.testkit.internal.verdict.Violation;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.LongFunction;

/**
 * What one group's log holds on one disk: what the running process sees, and what survives any
 * crash. Between the two lie batches that a crash keeps a prefix of.
 */
public final class LogModel {

  private final LongFunction<LogEntry> committed;
  private State first;
  private State durable;
  private State written;
  private final List<WriteBatch> forced = new ArrayList<>();
  private final ArrayDeque<WriteBatch> unforced = new ArrayDeque<>();

  /**
   * Hard state and entries; entry i of the list has index i + 1. What is compacted stays in the
   * list: it was promised, and the storage may keep it. What a snapshot of another node stands for
   * is in the list too.
   */
  private final class State {
    private HardState hardState;
    private long compacted;
    private final List<LogEntry> entries = new ArrayList<>();
    private final TreeMap<Long, Configuration> configurations = new TreeMap<>();

    private State(HardState hardState) {
      this.hardState = hardState;
    }

    private State copy() {
      State copy = new State(hardState);
      copy.entries.addAll(entries);
      copy.configurations.putAll(configurations);
      copy.compacted = compacted;
      return copy;
    }

    private void append(LogEntry entry) {
      entries.add(entry);
      configuration(entry).ifPresent(it -> configurations.put(entry.index(), it));
    }

    private void truncateFrom(long index) {
      entries.subList((int) index - 1, entries.size()).clear();
      configurations.tailMap(index, true).clear();
    }

    private void apply(WriteBatch batch) {
      for (WriteRecord record : batch.records()) {
        if (record instanceof WriteRecord.SetHardState set) {
          hardState = set.state();
        } else if (record instanceof WriteRecord.Truncate truncate) {
          truncateFrom(truncate.fromIndex());
        } else if (record instanceof WriteRecord.Append append) {
          append.entries().forEach(this::append);
        } else if (record instanceof WriteRecord.Compact compact) {
          compacted = Math.max(compacted, compact.throughIndex());
        } else if (record instanceof WriteRecord.InstallSnapshot install) {
          install(install.snapshot().index(), install.snapshot().term());
        }
      }
    }

    private void install(long last, long term) {
      if (last > entries.size() || entries.get((int) last - 1).term() != term) {
        truncateFrom(1);
        for (long index = 1; index <= last; index++) {
          append(committed.apply(index));
        }
      }
      compacted = Math.max(compacted, last);
    }

    private boolean is(HardState otherHardState, long baseIndex, List<LogEntry> otherEntries) {
      return hardState.equals(otherHardState)
          && baseIndex <= compacted
          && entries.size() == otherEntries.size()
          && entries.equals(otherEntries);
    }
  }

  /**
   * An empty log.
   *
   * @param committed the entries that the group has committed, which a snapshot stands for; null
   *     behind the last
   */
  LogModel(LongFunction<LogEntry> committed) {
    this.committed = committed;
    beginWith(new State(HardState.INITIAL));
  }

  private void beginWith(State state) {
    first = state;
    durable = state.copy();
    written = state.copy();
  }

  /** The log begins with a snapshot of what is committed up to an index, and nothing else. */
  void restored(long index) {
    long term = committed.apply(index).term();
    State state = new State(HardState.withoutVote(term));
    state.install(index, term);
    beginWith(state);
  }

  /** The configuration in an entry, if it has one. */
  public static Optional<Configuration> configuration(LogEntry entry) {
    try {
      return entry.type() == LogEntry.Type.CONFIGURATION
          ? Optional.of(ConfigurationCodec.decode(entry.payload()))
          : Optional.empty();
    } catch (DecodeException e) {
      throw new Violation("I2", entry + " is no configuration: " + e.getMessage());
    }
  }

  /** The entries that survive any crash, from index 1. */
  public List<LogEntry> durableEntries() {
    return durable.entries;
  }

  /** The configurations among them, by index. */
  public NavigableMap<Long, Configuration> durableConfigurations() {
    return Collections.unmodifiableNavigableMap(durable.configurations);
  }

  /** Whether an entry of that term survives any crash at that index. */
  boolean holds(long index, long term) {
    List<LogEntry> entries = durable.entries;
    return entries.size() >= index && entries.get((int) index - 1).term() == term;
  }

  /** The term of the last entry that survives any crash; 0 without entries. */
  public long lastDurableTerm() {
    List<LogEntry> entries = durable.entries;
    return entries.isEmpty() ? 0 : entries.get(entries.size() - 1).term();
  }

  /** The term and vote that survive any crash. */
  public HardState durableState() {
    return durable.hardState;
  }

  /** The term that the running process has written. */
  long writtenTerm() {
    return written.hardState.term();
  }

  /** The entries that the running process sees, from index 1. */
  public List<LogEntry> writtenEntries() {
    return written.entries;
  }

  /** The configurations among them, by index. */
  public NavigableMap<Long, Configuration> writtenConfigurations() {
    return Collections.unmodifiableNavigableMap(written.configurations);
  }

  /** Checks a batch before it goes down: nothing in it may break the order of the stream. */
  void check(WriteBatch batch) {
    HardState state = written.hardState;
    long lastIndex = written.entries.size();
    long compacted = written.compacted;
    TermsOfBatch terms = new TermsOfBatch();
    for (WriteRecord record : batch.records()) {
      if (record instanceof WriteRecord.SetHardState set) {
        checkFollows(state, set.state());
        state = set.state();
      } else if (record instanceof WriteRecord.Truncate truncate) {
        if (truncate.fromIndex() <= compacted || truncate.fromIndex() > lastIndex + 1) {
          throw new Violation(
              "I2", truncate + " of a log from " + compacted + " that ends at " + lastIndex);
        }
        lastIndex = truncate.fromIndex() - 1;
        terms.endAt(lastIndex);
      } else if (record instanceof WriteRecord.Append append) {
        for (LogEntry entry : append.entries()) {
          checkFollows(lastIndex, state.term(), entry);
          lastIndex = entry.index();
          terms.append(entry);
        }
      } else if (record instanceof WriteRecord.Compact compact) {
        if (compact.throughIndex() > lastIndex) {
          throw new Violation("I2", compact + " of a log that ends at " + lastIndex);
        }
        compacted = Math.max(compacted, compact.throughIndex());
      } else if (record instanceof WriteRecord.InstallSnapshot install) {
        SnapshotId id = install.snapshot();
        checkCommitted(id);
        if (id.index() > lastIndex || terms.at(id.index()) != id.term()) {
          lastIndex = id.index();
          terms.endAt(lastIndex);
        }
        compacted = Math.max(compacted, id.index());
      }
    }
  }

  /** I14: a snapshot is of what is committed, and of all of it up to its index. */
  private void checkCommitted(SnapshotId id) {
    LogEntry last = committed.apply(id.index());
    Violation.unless(
        last != null && last.term() == id.term(),
        "I14",
        () -> id + " is installed, and what is committed there is " + last);
  }

  /** Terms of the log while a batch is looked at. */
  private final class TermsOfBatch {
    private final TreeMap<Long, Long> appended = new TreeMap<>();
    private long writtenTo = written.entries.size();

    private void endAt(long lastIndex) {
      appended.tailMap(lastIndex, false).clear();
      writtenTo = Math.min(writtenTo, lastIndex);
    }

    private void append(LogEntry entry) {
      appended.put(entry.index(), entry.term());
    }

    private long at(long index) {
      return index <= writtenTo
          ? written.entries.get((int) index - 1).term()
          : appended.getOrDefault(index, -1L);
    }
  }

  private static void checkFollows(HardState before, HardState after) {
    if (after.term() < before.term()) {
      throw new Violation("I8", after + " is written after " + before);
    }
    if (after.term() == before.term() && before.votedFor().isPresent() && !before.equals(after)) {
      throw new Violation("I8", "vote " + after + " is written after " + before);
    }
  }

  private static void checkFollows(long lastIndex, long term, LogEntry entry) {
    if (entry.index() != lastIndex + 1) {
      throw new Violation("I2", entry + " is written after index " + lastIndex);
    }
    if (entry.term() > term) {
      throw new Violation("I21", entry + " is written while the written term is " + term);
    }
  }

  /**
   * The entries that a storage whose log begins behind an index dropped, or empty if it may not.
   */
  Optional<List<LogEntry>> dropped(long baseIndex) {
    return baseIndex <= written.compacted
        ? Optional.of(written.entries.subList(0, (int) baseIndex))
        : Optional.empty();
  }

  /** A batch goes down; whether it arrives is not known before it is forced. */
  void written(WriteBatch batch) {
    unforced.add(batch);
    written.apply(batch);
  }

  /** The last batch certainly did not go down. */
  void unwritten() {
    WriteBatch refused = unforced.pollLast();
    written = durable.copy();
    unforced.forEach(written::apply);
    if (refused == null) {
      throw new IllegalStateException("no batch was written");
    }
  }

  /** All that was written is durable. */
  void forced() {
    unforced.forEach(durable::apply);
    forced.addAll(unforced);
    unforced.clear();
  }

  /**
   * A storage was opened again and holds this. It must be all that was forced and a prefix of what
   * was written after it; from now on it is durable (rule P3).
   *
   * @return how many batches that were not forced came back, or empty if the content is none that
   *     it may be, and then nothing changes
   */
  Optional<Integer> reopened(HardState hardState, long baseIndex, List<LogEntry> entries) {
    State candidate = durable.copy();
    List<WriteBatch> kept = new ArrayList<>();
    for (WriteBatch batch : unforced) {
      if (candidate.is(hardState, baseIndex, entries)) {
        break;
      }
      candidate.apply(batch);
      kept.add(batch);
    }
    if (!candidate.is(hardState, baseIndex, entries)) {
      return Optional.empty();
    }
    unforced.clear();
    forced.addAll(kept);
    durable = candidate;
    written = candidate.copy();
    return Optional.of(kept.size());
  }

  /** Whether this is what the log held at some time. */
  boolean wasOnce(HardState hardState, long baseIndex, List<LogEntry> entries) {
    State state = first.copy();
    boolean was = state.is(hardState, baseIndex, entries);
    for (WriteBatch batch : forced) {
      if (was) {
        break;
      }
      state.apply(batch);
      was = state.is(hardState, baseIndex, entries);
    }
    return was;
  }

  @Override
  public String toString() {
    return "durable "
        + durable.hardState
        + ", "
        + durable.entries.size()
        + " entries; written "
        + written.hardState
        + ", "
        + written.entries.size()
        + " entries in "
        + unforced.size()
        + " batches more";
  }
}
