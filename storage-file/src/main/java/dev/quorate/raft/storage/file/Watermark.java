package dev.quorate.raft.storage.file;

import dev.quorate.raft.api.storage.NoSpaceException;
import dev.quorate.raft.api.storage.UnreadableException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * The second place that says how far a group's log was forced: it tells a damaged last batch from a
 * torn one (P4). Written after each force and not forced itself, so that it costs a system call and
 * no wait; it fits one sector. What it says stays true when it is old, so losing it in a power cut
 * only weakens it. It is forced when a segment begins, so that the newest one is always named: a
 * segment that vanishes would otherwise be taken for one that never was.
 */
final class Watermark implements AutoCloseable {

  private static final int MAGIC = 0x51574d4b; // QWMK
  private static final int BYTES = 16;
  private static final int CRC_AT = 12;

  private final FileChannel channel;
  private final long salt;
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(BYTES);

  private Watermark(FileChannel channel, long salt) {
    this.channel = channel;
    this.salt = salt;
  }

  /**
   * How far a segment was forced.
   *
   * @param sequence the segment
   * @param offset the offset in it below which everything is forced
   */
  record Mark(int sequence, int offset) {}

  /**
   * Whether the file is there and cannot be understood, although something was written to it. As
   * zeros it is acquired, and a loss of power may leave those.
   */
  static boolean isDamaged(GroupFiles files, long incarnation) throws IOException {
    return DurableNames.exists(files.watermark())
        && read(files, incarnation).isEmpty()
        && !ChannelIo.readAll(files.watermark()).equals(ByteBuffer.allocate(BYTES));
  }

  /** What the file says; empty if it is absent or cannot be understood. */
  static Optional<Mark> read(GroupFiles files, long incarnation) throws IOException {
    Path file = files.watermark();
    if (!DurableNames.exists(file)) {
      return Optional.empty();
    }
    ByteBuffer bytes = ChannelIo.readAll(file);
    if (bytes.limit() < BYTES
        || bytes.getInt(0) != MAGIC
        || bytes.getInt(CRC_AT) != Checksum.of(salt(files, incarnation), bytes, 0, CRC_AT)) {
      return Optional.empty();
    }
    return Optional.of(new Mark(bytes.getInt(4), bytes.getInt(8)));
  }

  /**
   * Opens the file for writing; its only block is acquired now, so that no later write needs room.
   */
  static Watermark open(GroupFiles files, long incarnation) throws IOException {
    try {
      FileChannel channel = openOrMake(files.watermark());
      try {
        if (channel.size() < BYTES) {
          acquire(channel, files);
        }
        return new Watermark(channel, salt(files, incarnation));
      } catch (IOException | RuntimeException | Error e) {
        channel.close();
        throw e;
      }
    } catch (UnreadableException | AccessDeniedException e) {
      throw e;
    } catch (IOException e) {
      throw new NoSpaceException("no room for " + files.watermark() + ": " + e.getMessage(), e);
    }
  }

  /** One that is there takes no room. */
  private static FileChannel openOrMake(Path file) throws IOException {
    try {
      return FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    } catch (AccessDeniedException e) {
      throw e;
    } catch (IOException e) {
      if (DurableNames.exists(file)) {
        throw Damage.unreadable("cannot open " + file, e);
      }
      throw e;
    }
  }

  /**
   * Fills the file. If that fails it is deleted: the next opening would see its length, and not
   * that it was never forced.
   */
  private static void acquire(FileChannel channel, GroupFiles files) throws IOException {
    try {
      ChannelIo.writeFully(channel, ByteBuffer.allocate(BYTES), 0);
      channel.force(true);
      DurableNames.force(files.directory());
    } catch (IOException e) {
      try {
        Files.deleteIfExists(files.watermark());
      } catch (IOException again) {
        e.addSuppressed(again);
      }
      throw e;
    }
  }

  /** No segment has number 0, so this salt is the watermark's own. */
  private static long salt(GroupFiles files, long incarnation) {
    return SegmentHeader.salt(incarnation, files.group(), 0);
  }

  /** Says that a segment is forced up to an offset. */
  void write(int sequence, int offset) throws IOException {
    buffer.clear().putInt(MAGIC).putInt(sequence).putInt(offset);
    buffer.putInt(Checksum.of(salt, buffer, 0, CRC_AT)).flip();
    ChannelIo.writeFully(channel, buffer, 0);
  }

  void force() throws IOException {
    channel.force(true);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
