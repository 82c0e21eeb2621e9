package dev.quorate.raft.testkit.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/** Short forms for tests. */
final class Io {

  private Io() {}

  static FileChannel open(Path file) throws IOException {
    return FileChannel.open(
        file, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE);
  }

  /** A file whose content and name are durable. */
  static FileChannel durable(Path file, byte[] content) throws IOException {
    FileChannel channel = open(file);
    write(channel, 0, content);
    channel.force(true);
    forceDirectory(file.getParent());
    return channel;
  }

  static void write(FileChannel channel, long at, byte[] bytes) throws IOException {
    ByteBuffer from = ByteBuffer.wrap(bytes);
    while (from.hasRemaining()) {
      channel.write(from, at + from.position());
    }
  }

  static byte[] read(FileChannel channel, long at, int count) throws IOException {
    ByteBuffer to = ByteBuffer.allocate(count);
    while (to.hasRemaining() && channel.read(to, at + to.position()) >= 0) {
      // Goes on until the end.
    }
    return to.array();
  }

  static void forceDirectory(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  /** So many bytes, all the same. */
  static byte[] all(int value, int count) {
    byte[] bytes = new byte[count];
    Arrays.fill(bytes, (byte) value);
    return bytes;
  }
}
