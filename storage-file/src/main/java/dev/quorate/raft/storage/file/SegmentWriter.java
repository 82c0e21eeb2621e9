package dev.quorate.raft.storage.file;

import dev.quorate.raft.api.storage.WriteRecord;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/** Writes batches to the end of one segment. */
final class SegmentWriter implements AutoCloseable {

  private final FileChannel channel;
  private final WriteBuffer buffer;
  private final int sequence;
  private final long salt;
  private final int capacity;
  private int position;
  private int chain;
  private int forced;

  private SegmentWriter(
      FileChannel channel,
      WriteBuffer buffer,
      SegmentHeader header,
      int capacity,
      int position,
      int chain) {
    this.channel = channel;
    this.buffer = buffer;
    this.sequence = header.sequence();
    this.salt = header.salt();
    this.capacity = capacity;
    this.position = position;
    this.chain = chain;
    this.forced = position;
  }

  /** Goes on behind the last batch of a segment that was read and is forced up to there. */
  static SegmentWriter resume(SegmentScan scan, WriteBuffer buffer) throws IOException {
    FileChannel channel = ChannelIo.open(scan.file(), StandardOpenOption.WRITE);
    return new SegmentWriter(
        channel, buffer, scan.header(), scan.capacity(), scan.end(), scan.chain());
  }

  /**
   * Begins a segment in a file of zeros: header and carried batches are forced before the file gets
   * the name under which it counts. So a segment that has its name is whole up to {@link
   * SegmentHeader#carried}, whatever happened in between.
   *
   * @param zeros the file, from {@link SegmentAllocator#acquire}
   */
  static SegmentWriter begin(
      Path zeros,
      GroupFiles files,
      SegmentHeader header,
      List<List<WriteRecord>> carried,
      WriteBuffer buffer,
      RecordSink sink)
      throws IOException {
    FileChannel channel = ChannelIo.open(zeros, StandardOpenOption.WRITE);
    try {
      int length = header.length();
      ByteBuffer out = buffer.take(length);
      int chain = header.encode(out);
      ChannelIo.writeFully(channel, out.flip(), 0);
      SegmentWriter writer =
          new SegmentWriter(
              channel,
              buffer,
              header,
              Math.toIntExact(ChannelIo.size(channel, zeros)),
              length,
              chain);
      for (List<WriteRecord> records : carried) {
        writer.append(records, sink);
      }
      channel.force(true);
      writer.forced = writer.position;
      DurableNames.publish(zeros, files.segment(header.sequence()), files.directory());
      return writer;
    } catch (IOException | RuntimeException | Error e) {
      closeAfter(e, channel);
      throw e;
    }
  }

  private static void closeAfter(Throwable e, FileChannel channel) {
    try {
      channel.close();
    } catch (IOException again) {
      e.addSuppressed(again);
    }
  }

  /** How many bytes a batch of so many bytes of records takes. */
  static long batchLength(long recordsLength) {
    return BatchHeader.BYTES + recordsLength;
  }

  boolean fits(long recordsLength) {
    return batchLength(recordsLength) <= capacity - position;
  }

  int remaining() {
    return capacity - position;
  }

  int capacity() {
    return capacity;
  }

  int sequence() {
    return sequence;
  }

  int position() {
    return position;
  }

  int chain() {
    return chain;
  }

  boolean dirty() {
    return forced < position;
  }

  /** Writes a batch, which fits, and then hands its records to the sink. */
  void append(List<WriteRecord> records, RecordSink sink) throws IOException {
    int bodyLength = Math.toIntExact(Records.length(records));
    ByteBuffer out = buffer.take(BatchHeader.BYTES + bodyLength).position(BatchHeader.BYTES);
    Records.encode(records, salt, out);
    out.flip();
    int bodyCrc = Checksum.of(salt, out, BatchHeader.BYTES, out.limit());
    int link = new BatchHeader(position, bodyLength, forced, chain, bodyCrc).encode(salt, out, 0);
    ChannelIo.writeFully(channel, out, position);
    int body = position + BatchHeader.BYTES;
    position = body + bodyLength;
    chain = link;
    Records.decode(out.flip().position(BatchHeader.BYTES), body, sink);
  }

  /** Forces what was written. After a failure this writer must not be used again. */
  void force() throws IOException {
    // The length does not change after the zeros were forced, so no metadata is at stake.
    channel.force(false);
    forced = position;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
