package dev.quorate.raft.storage.file;

import dev.quorate.raft.api.storage.UnreadableException;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Whole reads and writes, where a channel may do less than it was asked for; files are named. */
final class ChannelIo {

  /**
   * The JDK copies a heap buffer through a direct one of the same size that it keeps for the
   * thread, so whole files are read, and large batches are written, in pieces.
   */
  private static final int PIECE = 64 << 10;

  private ChannelIo() {}

  /**
   * Opens a file or a directory that should be there.
   *
   * @throws NoSuchFileException if it is not
   * @throws AccessDeniedException if this process may not open it
   * @throws UnreadableException if it cannot be opened otherwise, for a fault of the disk or for
   *     want of descriptors: the JDK does not tell which
   */
  static FileChannel open(Path file, StandardOpenOption option) throws IOException {
    try {
      return FileChannel.open(file, option);
    } catch (NoSuchFileException | AccessDeniedException e) {
      throw e;
    } catch (IOException e) {
      throw Damage.unreadable("cannot open " + file, e);
    }
  }

  /** How long an open file is. */
  static long size(FileChannel channel, Path file) throws IOException {
    try {
      return channel.size();
    } catch (IOException e) {
      throw Damage.unreadable("cannot look at " + file, e);
    }
  }

  /** Makes a file or the names in a directory durable. */
  static void force(FileChannel channel, Path file) throws IOException {
    try {
      channel.force(true);
    } catch (IOException e) {
      throw new IOException("cannot force " + file + ": " + Damage.said(e), e);
    }
  }

  static void writeFully(FileChannel channel, ByteBuffer bytes, long position) throws IOException {
    int end = bytes.limit();
    long at = position;
    while (bytes.position() < end) {
      bytes.limit(bytes.isDirect() ? end : Math.min(end, bytes.position() + PIECE));
      at += channel.write(bytes, at);
      bytes.limit(end);
    }
  }

  /**
   * Fills the buffer from its position to its limit.
   *
   * @param file the channel's file, for messages
   * @throws EOFException if the file ends before
   * @throws UnreadableException if the disk does not give them back
   */
  static void readFully(FileChannel channel, Path file, ByteBuffer bytes, long position)
      throws IOException {
    int end = bytes.limit();
    long at = position;
    while (bytes.position() < end) {
      bytes.limit(Math.min(end, bytes.position() + PIECE));
      int read = read(channel, file, bytes, at);
      if (read < 0) {
        throw new EOFException(file + " ends at offset " + at);
      }
      at += read;
      bytes.limit(end);
    }
  }

  private static int read(FileChannel channel, Path file, ByteBuffer bytes, long at)
      throws IOException {
    try {
      return channel.read(bytes, at);
    } catch (IOException e) {
      throw Damage.unreadable("cannot read " + file + ", offset " + at, e);
    }
  }

  /** A whole file, in a buffer whose position is 0. */
  static ByteBuffer readAll(Path file) throws IOException {
    try (FileChannel channel = open(file, StandardOpenOption.READ)) {
      ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(size(channel, file)));
      readFully(channel, file, bytes, 0);
      return bytes.flip();
    }
  }
}
