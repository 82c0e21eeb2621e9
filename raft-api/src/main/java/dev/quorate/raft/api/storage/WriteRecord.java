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
}
