package dev.quorate.raft.storage.file;

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
   * thread, so whole files are read in pieces.
   */
  private static final int PIECE = 64 << 10;

  private ChannelIo() {}

  static void writeFully(FileChannel channel, ByteBuffer bytes, long position) throws IOException {
    long at = position;
    while (bytes.hasRemaining()) {
      at += channel.write(bytes, at);
    }
  }

  /** Fills the buffer from its position to its limit. */
  static void readFully(FileChannel channel, ByteBuffer bytes, long position) throws IOException {
    int end = bytes.limit();
    long at = position;
    while (bytes.position() < end) {
      bytes.limit(Math.min(end, bytes.position() + PIECE));
      int read = channel.read(bytes, at);
      if (read < 0) {
        throw new EOFException("the file ends at " + at);
      }
      at += read;
      bytes.limit(end);
    }
  }

  /** A whole file, in a buffer whose position is 0. */
  static ByteBuffer readAll(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(channel.size()));
      readFully(channel, bytes, 0);
      return bytes.flip();
    }
  }
}
