package dev.quorate.raft.storage.file;

import dev.quorate.raft.api.storage.NoSpaceException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Acquires room before any record is at stake (P5): a file is filled with zeros and forced, and
 * only then becomes a segment. Whatever fails before that is a full disk, which may pass: the file
 * is deleted and nothing was lost. One such file, the spare, is held in reserve.
 *
 * <p>Zeros and not a hole, because a hole takes its blocks at the first write, which would then
 * fail with a record in hand; and because writing into blocks that are there forces twice as fast.
 */
final class SegmentAllocator {

  private static final System.Logger LOG =
      System.getLogger(SegmentAllocator.class.getPackageName());
  private static final int ZEROS = 64 << 10;
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(ZEROS).asReadOnlyBuffer();

  /**
   * The last part of a segment that is kept for batches without a command when no spare is left.
   */
  static final int RESERVED_SHARE = 4;

  /**
   * After a failed fill the disk is left alone for so many requests; a fill is far dearer than a
   * batch.
   */
  private static final int PAUSE = 16;

  private final GroupFiles files;
  private final int segmentBytes;
  private boolean spare;
  private int pause;
  private boolean scarce;

  SegmentAllocator(GroupFiles files, int segmentBytes) {
    this.files = files;
    this.segmentBytes = segmentBytes;
  }

  /**
   * Takes over the spare of an earlier process if it is all zeros. It is not if that process died
   * between writing a segment into it and giving that its name: such bytes must never lie behind a
   * new end.
   */
  void adoptSpare() throws IOException {
    Path file = files.spare();
    if (isZeros(file)) {
      spare = true;
    } else {
      DurableNames.delete(file, files.directory());
    }
  }

  /** A spare that cannot be read holds nothing that is missed, so that is no reason to refuse. */
  private boolean isZeros(Path file) {
    try (FileChannel in = FileChannel.open(file, StandardOpenOption.READ)) {
      long size = in.size();
      ByteBuffer bytes = ByteBuffer.allocate(ZEROS);
      boolean zeros = size >= segmentBytes;
      for (long at = 0; zeros && at < size; at += ZEROS) {
        bytes.clear().limit((int) Math.min(ZEROS, size - at));
        ChannelIo.readFully(in, file, bytes, at);
        zeros = bytes.flip().equals(NOTHING.slice(0, bytes.limit()));
      }
      return zeros;
    } catch (NoSuchFileException e) {
      return false;
    } catch (IOException e) {
      LOG.log(System.Logger.Level.WARNING, "a spare segment that cannot be read is deleted", e);
      return false;
    }
  }

  /** Whether the spare is there. */
  boolean hasSpare() {
    return spare;
  }

  /** Tries to have a spare again. */
  void refill() {
    try {
      ensureSpare();
      scarce = false;
    } catch (NoSpaceException e) {
      if (!scarce) {
        LOG.log(System.Logger.Level.WARNING, e::getMessage);
      }
      scarce = true;
    }
  }

  private void ensureSpare() throws NoSpaceException {
    if (spare) {
      return;
    }
    if (pause > 0) {
      pause--;
      throw new NoSpaceException(
          "no room for a segment in " + files.directory() + " a moment ago", null);
    }
    fill(segmentBytes);
    try {
      DurableNames.publish(files.unfinished(), files.spare(), files.directory());
    } catch (IOException e) {
      throw noSpace(segmentBytes, e);
    }
    spare = true;
  }

  /**
   * A file of forced zeros with room for so many bytes: the spare, or a new one if the spare is too
   * small or would be eaten up by a command. A batch larger than a segment gets a segment of its
   * size, rather than being split: a batch stays one unit on the disk, and the case needs no code
   * in recovery.
   *
   * @param command whether a command is to be written, which must leave a reserve behind
   * @throws NoSpaceException if there is no room
   */
  Path acquire(long bytes, boolean command) throws IOException {
    if (bytes > Integer.MAX_VALUE) {
      throw new IllegalArgumentException("a batch of " + bytes + " bytes");
    }
    if (bytes > mostInSpare(command)) {
      fill(Math.max((int) bytes, segmentBytes));
      return files.unfinished();
    }
    ensureSpare();
    spare = false;
    return files.spare();
  }

  private int mostInSpare(boolean command) {
    return command ? segmentBytes - segmentBytes / RESERVED_SHARE : segmentBytes;
  }

  /** Whether {@link #acquire} would find room without acquiring any. */
  boolean hasSpareFor(SegmentHeader header, long recordsLength, boolean command) {
    return spare
        && header.length() + SegmentWriter.batchLength(recordsLength) <= mostInSpare(command);
  }

  private void fill(int bytes) throws NoSpaceException {
    Path file = files.unfinished();
    try {
      // What an earlier try left, if it could not be deleted then, must not count as used.
      Files.deleteIfExists(file);
      FreeSpace.require(files.directory(), bytes);
      try (FileChannel out =
          FileChannel.open(
              file,
              StandardOpenOption.CREATE,
              StandardOpenOption.TRUNCATE_EXISTING,
              StandardOpenOption.WRITE)) {
        ByteBuffer zeros = ByteBuffer.allocateDirect(Math.min(ZEROS, bytes));
        for (long at = 0; at < bytes; at += ZEROS) {
          ChannelIo.writeFully(out, zeros.clear().limit((int) Math.min(ZEROS, bytes - at)), at);
        }
        out.force(true);
      }
    } catch (IOException e) {
      throw noSpace(bytes, e);
    }
  }

  private NoSpaceException noSpace(int bytes, IOException cause) {
    pause = PAUSE;
    try {
      DurableNames.delete(files.unfinished(), files.directory());
    } catch (IOException e) {
      cause.addSuppressed(e);
    }
    return new NoSpaceException(
        "no room for a segment of "
            + bytes
            + " bytes in "
            + files.directory()
            + ": "
            + cause.getMessage(),
        cause);
  }
}
