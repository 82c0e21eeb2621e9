package dev.quorate.raft.storage.file;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Where each entry lies: 12 bytes an entry, in chunks so that growing copies nothing and shrinking
 * gives memory back. The writer adds and drops, any thread looks up; the critical sections are a
 * few instructions, or a copy of the places asked for.
 */
final class EntryIndex {

  private static final int CHUNK = 1024;

  private final List<Chunk> chunks = new ArrayList<>();

  /** The index whose place is the first of the first chunk; at or below {@link #first}. */
  private long origin;

  private long first;
  private long next;

  /** An empty index. */
  EntryIndex() {
    restart(1);
  }

  private static final class Chunk {
    final int[] segments = new int[CHUNK];
    final int[] offsets = new int[CHUNK];
    final int[] lengths = new int[CHUNK];
  }

  /** Adds the place of the next entry. */
  synchronized void add(int segment, int offset, int length) {
    int at = (int) ((next - origin) % CHUNK);
    if (at == 0) {
      chunks.add(new Chunk());
    }
    Chunk chunk = chunks.get(chunks.size() - 1);
    chunk.segments[at] = segment;
    chunk.offsets[at] = offset;
    chunk.lengths[at] = length;
    next++;
  }

  /** Forgets the entries from an index on. */
  synchronized void truncate(long from) {
    next = from;
    int kept = (int) ((next - origin + CHUNK - 1) / CHUNK);
    chunks.subList(kept, chunks.size()).clear();
  }

  /** Forgets the entries before an index, which is there or is the next one. */
  synchronized void dropBefore(long index) {
    first = index;
    int dropped = (int) ((first - origin) / CHUNK);
    chunks.subList(0, dropped).clear();
    origin += (long) dropped * CHUNK;
  }

  /** Forgets all entries; the next one will be the given one. */
  synchronized void restart(long index) {
    chunks.clear();
    origin = index;
    first = index;
    next = index;
  }

  /**
   * The places of consecutive entries: as many of those asked for as are there, up to the one that
   * makes the sum of their lengths reach a limit, and at least one; none if the first is not there.
   */
  synchronized Places locate(long from, long to, long maxBytes) {
    if (from < first || from >= next) {
      return new Places(new int[0], new int[0], new int[0]);
    }
    int wanted = (int) Math.min(Math.min(to, next) - from, Integer.MAX_VALUE);
    int count = 0;
    long sum = 0;
    Places places = new Places(new int[8], new int[8], new int[8]);
    while (count < wanted && (count == 0 || sum < maxBytes)) {
      if (count == places.size()) {
        places = places.resized(2 * count);
      }
      Chunk chunk = chunks.get((int) ((from - origin + count) / CHUNK));
      int at = (int) ((from - origin + count) % CHUNK);
      places.segments[count] = chunk.segments[at];
      places.offsets[count] = chunk.offsets[at];
      places.lengths[count] = chunk.lengths[at];
      sum += chunk.lengths[at];
      count++;
    }
    return places.resized(count);
  }

  /**
   * Where consecutive entries lie.
   *
   * @param segments the number of the segment of each
   * @param offsets the offset of its record there
   * @param lengths the length of the encoded entry in it
   */
  record Places(int[] segments, int[] offsets, int[] lengths) {

    int size() {
      return segments.length;
    }

    /** The offset behind a record. */
    int end(int i) {
      return offsets[i] + Records.HEADER_BYTES + lengths[i];
    }

    private Places resized(int size) {
      return new Places(
          Arrays.copyOf(segments, size),
          Arrays.copyOf(offsets, size),
          Arrays.copyOf(lengths, size));
    }
  }
}
