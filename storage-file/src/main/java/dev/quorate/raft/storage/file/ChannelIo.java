package dev.quorate.raft.storage.file;

import dev.quorate.raft.api.storage.UnreadableException;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Whole reads and writes; a channel may do less than it was asked for. */
final class ChannelIo {

  /**
   * The JDK copies a heap buffer through a direct one of the same size that it keeps for the
   * thread, so whole files are read, and large batches are written, in pieces.
   */
  private static final int PIECE = 64 << 10;

  private ChannelIo() {}

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
      throw new UnreadableException(
          "cannot read " + file + ", offset " + at + ": " + e.getMessage(), e);
    }
  }

  /** A whole file, in a buffer whose position is 0. */
  static ByteBuffer readAll(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(channel.size()));
      readFully(channel, file, bytes, 0);
      return bytes.flip();
    }
  }
}
