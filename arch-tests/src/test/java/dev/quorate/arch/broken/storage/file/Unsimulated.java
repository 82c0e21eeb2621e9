package dev.quorate.arch.broken.storage.file;

import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.InetAddress;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.concurrent.Future;

/** Breaks every rule of storage code. */
final class Unsimulated {

  void paths(Path given) throws IOException {
    Path.of("a");
    Paths.get("a");
    given.toFile();
    new File("a");
    new RandomAccessFile("a", "r").close();
    Files.createTempFile("a", "b");
    Files.createTempDirectory(given, "b");
  }

  void channels(FileChannel channel, Path given) throws IOException {
    channel.map(MapMode.READ_ONLY, 0, 1);
    channel.transferTo(0, 1, channel);
    channel.transferFrom(channel, 0, 1);
    AsynchronousFileChannel.open(given).close();
  }

  void machine(Path given, Thread thread, Future<?> future) throws IOException {
    Files.getLastModifiedTime(given);
    ProcessHandle.current().pid();
    InetAddress.getLocalHost();
    System.currentTimeMillis();
    thread.interrupt();
    future.cancel(true);
  }
}
