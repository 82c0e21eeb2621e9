package dev.quorate.raft.storage.file;

import dev.quorate.raft.api.storage.LogEntry;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads entries back. Each read opens the segments it needs and closes them, so that no descriptor
 * is shared between threads nor kept for each of many old segments; what a read costs above that is
 * one positional read for up to {@link #SPAN} neighbouring bytes.
 */
final class EntryReader {

  private static final int SPAN = 256 << 10;

  /** Entries further apart than this are not worth reading what lies between. */
  private static final int GAP = 4 << 10;

  private final GroupFiles files;
  private final long incarnation;

  EntryReader(GroupFiles files, long incarnation) {
    this.files = files;
    this.incarnation = incarnation;
  }

  /** The entries at the places, the first of which has index {@code from}. */
  List<LogEntry> read(EntryIndex.Places places, long from) throws IOException {
    List<LogEntry> entries = new ArrayList<>(places.size());
    while (entries.size() < places.size()) {
      int segment = places.segments()[entries.size()];
      Path file = files.segment(segment);
      try (FileChannel channel = ChannelIo.open(file, StandardOpenOption.READ)) {
        while (entries.size() < places.size() && places.segments()[entries.size()] == segment) {
          readSpan(channel, file, places, from, entries);
        }
      }
    }
    return entries;
  }

  private void readSpan(
      FileChannel channel, Path file, EntryIndex.Places places, long from, List<LogEntry> entries)
      throws IOException {
    int first = entries.size();
    int segment = places.segments()[first];
    int start = places.offsets()[first];
    int last = first;
    while (last + 1 < places.size()
        && places.segments()[last + 1] == segment
        && places.offsets()[last + 1] - places.end(last) <= GAP
        && places.end(last + 1) - start <= SPAN) {
      last++;
    }
    ByteBuffer bytes = ByteBuffer.allocate(places.end(last) - start);
    try {
      ChannelIo.readFully(channel, file, bytes, start);
    } catch (EOFException e) {
      throw Damage.at(file, start, "the segment ends before an entry", e);
    }
    long salt = SegmentHeader.salt(incarnation, files.group(), segment);
    for (int i = first; i <= last; i++) {
      int at = places.offsets()[i] - start;
      entries.add(
          entry(bytes.slice(at, places.end(i) - start - at), salt, from + i, file, start + at));
    }
  }

  private static LogEntry entry(ByteBuffer record, long salt, long index, Path file, long offset)
      throws IOException {
    try {
      LogEntry entry = Records.entry(record, salt);
      if (entry.index() != index) {
        throw new IllegalArgumentException(
            "here is entry " + entry.index() + " and not entry " + index);
      }
      return entry;
    } catch (UnknownFormatException e) {
      throw Damage.newer(file, offset, e);
    } catch (IllegalArgumentException e) {
      throw Damage.at(file, offset, e.getMessage(), e);
    }
  }
}
