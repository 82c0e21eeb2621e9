package dev.quorate.raft.tools.verify;

import dev.quorate.raft.api.storage.HardState;
import dev.quorate.raft.api.storage.LogEntry;
import dev.quorate.raft.api.storage.WriteRecord;
import dev.quorate.raft.storage.file.SegmentInspection;

/**
 * A node's term never falls, it votes once in a term, and it holds no entry of a term that it has
 * not entered.
 */
final class RisingHardState implements RecordRule {

  private HardState current = HardState.INITIAL;

  @Override
  public void begin(SegmentInspection segment) {
    current = segment.hardState();
  }

  @Override
  public void check(Place place, boolean intact, WriteRecord record, Findings findings) {
    if (record instanceof WriteRecord.SetHardState set) {
      checkFollows(set.state(), place, findings);
      current = set.state();
    } else if (record instanceof WriteRecord.Append append) {
      LogEntry entry = append.entries().get(0);
      if (entry.term() > current.term()) {
        findings.damage(
            "hard-state",
            place.file(),
            place.offset(),
            "entry "
                + entry.index()
                + " is of term "
                + entry.term()
                + ", and the node is in term "
                + current.term(),
            Advice.WIPE);
      }
    }
  }

  private void checkFollows(HardState next, Place place, Findings findings) {
    if (next.term() < current.term()) {
      findings.damage(
          "hard-state",
          place.file(),
          place.offset(),
          "the node goes back from term " + current.term() + " to term " + next.term(),
          Advice.WIPE);
    } else if (next.term() == current.term()
        && current.votedFor().isPresent()
        && !next.equals(current)) {
      findings.damage(
          "hard-state",
          place.file(),
          place.offset(),
          "the node votes twice in term " + next.term(),
          Advice.WIPE);
    }
  }
}
