package dev.quorate.raft.storage.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * One segment, read as a whole or up to its known end. Walks over its batches as long as they are
 * valid and chained, and answers what lies behind the place where that ends.
 */
final class SegmentScan {

  private final Path file;
  private final ByteBuffer bytes;
  private final int capacity;
  private final SegmentHeader header;
  private final long salt;
  private int end;
  private int chain;

  private SegmentScan(Path file, ByteBuffer bytes, int capacity, SegmentHeader header) {
    this.file = file;
    this.bytes = bytes;
    this.capacity = capacity;
    this.header = header;
    this.salt = header.salt();
    this.end = header.length();
    this.chain = SegmentHeader.chain(bytes);
  }

  /** Reads a whole segment. */
  static SegmentScan of(Path file) throws IOException {
    return upTo(file, Integer.MAX_VALUE);
  }

  /** Reads a segment up to a known end; an error of the disk behind that does no harm. */
  static SegmentScan upTo(Path file, int end) throws IOException {
    try (FileChannel channel = ChannelIo.open(file, StandardOpenOption.READ)) {
      int capacity = Math.toIntExact(ChannelIo.size(channel, file));
      ByteBuffer bytes = ByteBuffer.allocate(Math.min(capacity, end));
      ChannelIo.readFully(channel, file, bytes, 0);
      bytes.flip();
      return new SegmentScan(file, bytes, capacity, SegmentHeader.decode(bytes, file));
    }
  }

  Path file() {
    return file;
  }

  SegmentHeader header() {
    return header;
  }

  int capacity() {
    return capacity;
  }

  /** The offset up to which all batches are valid. */
  int end() {
    return end;
  }

  /** The last valid link: of the batch before {@link #end}, or of the segment's header. */
  int chain() {
    return chain;
  }

  /** The next batch, or {@code null} if what is at {@link #end} is not one that belongs there. */
  Batch next() {
    BatchHeader next = BatchHeader.at(bytes, end, salt);
    if (next == null || next.previous() != chain) {
      return null;
    }
    int body = end + BatchHeader.BYTES;
    if (next.bodyLength() <= 0
        || next.bodyLength() > bytes.limit() - body
        || Checksum.of(salt, bytes, body, body + next.bodyLength()) != next.bodyCrc()) {
      return null;
    }
    Batch batch = new Batch(end, chain, next, bytes.slice(body, next.bodyLength()));
    chain = BatchHeader.link(bytes, end);
    end = body + next.bodyLength();
    return batch;
  }

  /** The next batch of a segment that was forced up to behind that batch. */
  Batch nextSealed() throws IOException {
    Batch batch = next();
    if (batch == null) {
      throw Damage.at(file, end, "a batch in a finished segment is damaged");
    }
    return batch;
  }

  /** Checks that a segment goes on where the batches of this one end. */
  void checkContinuedBy(SegmentHeader next) throws IOException {
    if (end != next.previousEnd() || chain != next.previousChain()) {
      throw Damage.at(file, end, "the next segment does not continue this one");
    }
  }

  /** Hands the records of a batch over, one by one. */
  void replay(Batch batch, RecordSink sink) throws IOException {
    try {
      Records.decode(batch.body(), batch.bodyOffset(), sink);
    } catch (UnknownFormatException e) {
      throw Damage.newer(file, batch.offset(), e);
    } catch (IllegalArgumentException e) {
      throw Damage.at(file, batch.offset(), "a batch makes no sense: " + e.getMessage(), e);
    }
  }

  /** The highest forced offset that an undamaged batch header from {@link #end} on names, or 0. */
  int claimBehind() {
    int highest = 0;
    int last = writtenEnd();
    for (int at = end; at < last; at++) {
      BatchHeader stray = BatchHeader.at(bytes, at, salt);
      // One that claims more than lies before it was never written by this program.
      if (stray != null && stray.forced() <= at) {
        highest = Math.max(highest, stray.forced());
      }
    }
    return highest;
  }

  /** The offset behind the last byte that is not zero; {@link #end} if all behind that are zero. */
  int writtenEnd() {
    int at = bytes.limit();
    while (at - Long.BYTES >= end && bytes.getLong(at - Long.BYTES) == 0) {
      at -= Long.BYTES;
    }
    while (at > end && bytes.get(at - 1) == 0) {
      at--;
    }
    return at;
  }

  /**
   * A batch as it lies in a segment.
   *
   * @param offset where its header begins
   * @param chainBefore the link before it
   * @param header its header
   * @param body its records
   */
  record Batch(int offset, int chainBefore, BatchHeader header, ByteBuffer body) {

    int bodyOffset() {
      return offset + BatchHeader.BYTES;
    }
  }
}
