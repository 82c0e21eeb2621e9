package dev.quorate.raft.storage.file;

import java.util.ArrayList;
import java.util.List;

/**
 * The segments with which the log can begin, oldest first: what is in front of such a one can be
 * deleted as soon as its base is compacted. A segment is none if something behind it truncated the
 * log to before its base: read from there, the log would end where nobody knows the term.
 */
final class Beginnings {

  private final List<Beginning> all = new ArrayList<>();

  private record Beginning(int sequence, long baseIndex) {}

  /** Adds the segment that begins now, at the log's end. */
  void add(int sequence, long baseIndex) {
    all.add(new Beginning(sequence, baseIndex));
  }

  /** The log was cut; never to before the base of the first one. */
  void truncate(long fromIndex) {
    all.removeIf(beginning -> beginning.baseIndex >= fromIndex);
  }

  /** Forgets those before the one with which a log that was compacted begins. */
  void compact(long throughIndex) {
    all.subList(0, position(throughIndex)).clear();
  }

  /**
   * The log was dropped, and goes on behind a snapshot: the last beginning will do, and no later
   * truncation goes to before the snapshot.
   */
  void install(long snapshotIndex) {
    int sequence = all.get(all.size() - 1).sequence;
    all.clear();
    add(sequence, snapshotIndex);
  }

  /** The segment with which a log that was compacted through an index begins. */
  int sequence(long throughIndex) {
    return all.get(position(throughIndex)).sequence;
  }

  /** The segment with which the log begins. */
  int first() {
    return all.get(0).sequence;
  }

  /** The base of the segment with which the log begins. */
  long baseIndex() {
    return all.get(0).baseIndex;
  }

  private int position(long throughIndex) {
    int position = 0;
    while (position + 1 < all.size() && all.get(position + 1).baseIndex <= throughIndex) {
      position++;
    }
    return position;
  }
}
