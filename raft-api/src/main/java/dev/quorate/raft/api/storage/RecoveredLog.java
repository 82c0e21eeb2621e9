package dev.quorate.raft.api.storage;

import java.util.List;
import java.util.Objects;

/**
 * What a log held when it was opened, all of it durable.
 *
 * @param hardState the last hard state
 * @param baseIndex the index before the first retained entry; 0 when nothing was compacted
 * @param baseTerm the term of the entry at {@code baseIndex}; 0 when nothing was compacted
 * @param lastIndex the last index; {@code baseIndex} when no entry is retained
 * @param terms where terms begin in the retained log, by rising index; empty when no entry is
 *     retained
 * @param configurations the retained entries of type {@link LogEntry.Type#CONFIGURATION}, by rising
 *     index
 */
public record RecoveredLog(
    HardState hardState,
    long baseIndex,
    long baseTerm,
    long lastIndex,
    List<TermStart> terms,
    List<LogEntry> configurations) {

  /** The content of a log that was just made. */
  public static final RecoveredLog EMPTY =
      new RecoveredLog(HardState.INITIAL, 0, 0, 0, List.of(), List.of());

  /** Copies the lists. */
  public RecoveredLog {
    Objects.requireNonNull(hardState, "hardState");
    terms = List.copyOf(terms);
    configurations = List.copyOf(configurations);
  }

  /**
   * The first index of a run of entries of one term.
   *
   * @param firstIndex the run's first index
   * @param term the run's term
   */
  public record TermStart(long firstIndex, long term) {}
}
