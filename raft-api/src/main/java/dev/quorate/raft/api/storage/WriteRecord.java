package dev.quorate.raft.api.storage;

import java.util.List;
import java.util.Objects;

/** One record of a group's stream. */
public sealed interface WriteRecord {

  /**
   * The hard state from here on, whatever it was before. Entries do not touch it.
   *
   * @param state the state
   */
  record SetHardState(HardState state) implements WriteRecord {
    /** Checks that there is a state. */
    public SetHardState {
      Objects.requireNonNull(state, "state");
    }
  }

  /**
   * Entries at the end of the log.
   *
   * @param entries one or more, with consecutive indexes, the first of them following the last
   *     entry of the log
   */
  record Append(List<LogEntry> entries) implements WriteRecord {
    /** Copies the list and checks that it is not empty. */
    public Append {
      entries = List.copyOf(entries);
      if (entries.isEmpty()) {
        throw new IllegalArgumentException("an append of no entries");
      }
    }
  }

  /**
   * The log ends before an index from here on.
   *
   * @param fromIndex the first index that is dropped, together with all after it: from the first
   *     retained one, which drops all, to the one behind the last, which drops nothing
   */
  record Truncate(long fromIndex) implements WriteRecord {}

  /**
   * Entries up to an index are no longer needed: a snapshot has their effect. The storage may drop
   * them when it suits it, and never has to keep any of them.
   *
   * @param throughIndex the last index that is not needed
   * @param throughTerm the term of the entry there
   */
  record Compact(long throughIndex, long throughTerm) implements WriteRecord {}

  /**
   * A snapshot of another node takes the place of the log up to its index; the commit point of an
   * install (rule P6). If the log has an entry of the snapshot's term at its index, what follows it
   * is kept, and this does what {@link Compact} does; otherwise the whole log is dropped, and the
   * next entry is the one after the snapshot.
   *
   * @param snapshot a snapshot that is complete and durable
   */
  record InstallSnapshot(SnapshotId snapshot) implements WriteRecord {
    /** Checks that there is a snapshot. */
    public InstallSnapshot {
      Objects.requireNonNull(snapshot, "snapshot");
    }
  }
}
