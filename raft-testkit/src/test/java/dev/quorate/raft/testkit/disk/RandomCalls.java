package dev.quorate.raft.testkit.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.CopyOption;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Calls below one directory, drawn from a random stream. Each step says what was called and what
 * came of it, without anything that may differ between file systems.
 */
final class RandomCalls implements AutoCloseable {

  private static final String[] NAMES = {"a", "b", "c", "d", "e/a", "e/b", "f/a", "a/x", "e", "f"};
  private static final int LONGEST = 20_000;

  private static final StandardOpenOption[] OPTIONS = {
    StandardOpenOption.READ,
    StandardOpenOption.WRITE,
    StandardOpenOption.APPEND,
    StandardOpenOption.CREATE,
    StandardOpenOption.CREATE_NEW,
    StandardOpenOption.TRUNCATE_EXISTING,
    StandardOpenOption.DSYNC,
  };

  /** What is said of a name below a file; JDK 17 and 25 differ between these. */
  private static final List<String> BELOW_FILE =
      List.of("FileSystemException", "NoSuchFileException");

  private final Path root;
  private final Random random;
  private final FileChannel[] channels = new FileChannel[5];
  private final List<FileLock> locks = new ArrayList<>();
  private boolean belowFile;

  RandomCalls(Path root, Random random) {
    this.root = root;
    this.random = random;
  }

  private interface Call {
    Object run() throws IOException;
  }

  private String say(String what, Call call) {
    String result;
    try {
      result = String.valueOf(call.run());
    } catch (IOException | RuntimeException e) {
      result = e.getClass().getSimpleName();
    }
    if (belowFile && BELOW_FILE.contains(result)) {
      result = BELOW_FILE.get(0);
    }
    return what + " → " + result;
  }

  String step() {
    return random.nextInt(3) == 0 ? onNames() : onChannel();
  }

  private Path any() {
    return root.resolve(NAMES[random.nextInt(NAMES.length)]);
  }

  private byte[] bytes() {
    byte[] bytes = new byte[random.nextInt(random.nextInt(4) == 0 ? 9000 : 300)];
    if (random.nextInt(3) > 0) {
      random.nextBytes(bytes);
    }
    return bytes;
  }

  private String onNames() {
    Path path = any();
    String name = root.relativize(path).toString();
    belowFile = Files.isRegularFile(path.getParent());
    switch (random.nextInt(11)) {
      case 0:
        return say("mkdir " + name, () -> Files.createDirectory(path) == path);
      case 1:
        return say("mkdirs " + name, () -> Files.createDirectories(path).equals(path));
      case 2:
        return say("delete " + name, () -> delete(path));
      case 3:
        return say("deleteIfExists " + name, () -> Files.deleteIfExists(path));
      case 4:
      case 5:
        return move(path, path.resolveSibling(any().getFileName()));
      case 6:
        return say("list " + name, () -> list(path));
      case 7:
        return say("size " + name, () -> Files.isDirectory(path) ? "directory" : Files.size(path));
      case 8:
        return say(
            "look " + name,
            () -> Files.exists(path) + " " + Files.isDirectory(path) + Files.isRegularFile(path));
      case 9:
        return say("readAll " + name, () -> Arrays.hashCode(Files.readAllBytes(path)));
      default:
        byte[] content = bytes();
        return say("writeAll " + name, () -> Files.write(path, content) == path);
    }
  }

  private static boolean delete(Path path) throws IOException {
    Files.delete(path);
    return true;
  }

  private static List<String> list(Path path) throws IOException {
    try (Stream<Path> names = Files.list(path)) {
      return names.map(found -> found.getFileName().toString()).sorted().toList();
    }
  }

  private String move(Path from, Path to) {
    Set<CopyOption> options = new LinkedHashSet<>();
    if (random.nextBoolean()) {
      options.add(StandardCopyOption.REPLACE_EXISTING);
    }
    if (random.nextBoolean()) {
      options.add(StandardCopyOption.ATOMIC_MOVE);
    }
    return say(
        "move " + root.relativize(from) + " " + root.relativize(to) + " " + options,
        () -> Files.move(from, to, options.toArray(new CopyOption[0])).equals(to));
  }

  private String onChannel() {
    belowFile = false;
    int which = random.nextInt(channels.length);
    FileChannel channel = channels[which];
    int at = random.nextInt(LONGEST) - (random.nextInt(50) == 0 ? LONGEST : 0);
    boolean reopen = channel == null || !channel.isOpen() && random.nextBoolean();
    int kind = reopen ? 0 : random.nextInt(14);
    String name = Integer.toString(which);
    switch (kind) {
      case 0:
        return open(which);
      case 1:
        return say("close " + name, () -> close(channel));
      case 2:
      case 3:
        {
          ByteBuffer from = ByteBuffer.wrap(bytes());
          return say("write " + name + " " + at, () -> channel.write(from, at));
        }
      case 4:
        {
          ByteBuffer from = ByteBuffer.wrap(bytes());
          return say("write " + name, () -> channel.write(from) + " at " + channel.position());
        }
      case 5:
        {
          ByteBuffer[] from = {ByteBuffer.wrap(bytes()), ByteBuffer.wrap(bytes())};
          return say("write many " + name, () -> channel.write(from) + " at " + channel.position());
        }
      case 6:
        {
          ByteBuffer to = ByteBuffer.allocate(random.nextInt(5000));
          return say("read " + name + " " + at, () -> channel.read(to, at) + " " + read(to));
        }
      case 7:
        {
          ByteBuffer to = ByteBuffer.allocate(random.nextInt(5000));
          return say("read " + name, () -> channel.read(to) + " " + read(to));
        }
      case 8:
        {
          ByteBuffer[] to = {ByteBuffer.allocate(700), ByteBuffer.allocate(random.nextInt(700))};
          return say("read many " + name, () -> channel.read(to) + " " + read(to[0]) + read(to[1]));
        }
      case 9:
        return say("position " + name + " " + at, () -> channel.position(at).position());
      case 10:
        return say("truncate " + name + " " + at, () -> channel.truncate(at).position());
      case 11:
        return say("force " + name, () -> force(channel));
      case 12:
        return say("length " + name, channel::size);
      default:
        return lock(name, channel);
    }
  }

  private static int read(ByteBuffer to) {
    return Arrays.hashCode(Arrays.copyOf(to.array(), to.position()));
  }

  private static boolean force(FileChannel channel) throws IOException {
    channel.force(true);
    return true;
  }

  private static boolean close(FileChannel channel) throws IOException {
    channel.close();
    return channel.isOpen();
  }

  private String open(int which) {
    Path path = any();
    Set<OpenOption> options = new LinkedHashSet<>();
    if (random.nextInt(4) > 0) {
      options.add(StandardOpenOption.WRITE);
      options.add(StandardOpenOption.CREATE);
    }
    for (StandardOpenOption option : OPTIONS) {
      if (random.nextInt(5) == 0) {
        options.add(option);
      }
    }
    return say(
        "open " + which + " " + root.relativize(path) + " " + options,
        () -> {
          FileChannel opened = FileChannel.open(path, options);
          if (Files.isDirectory(path)) {
            opened.force(true); // All that a directory is opened for.
            opened.close();
            return "directory";
          }
          if (channels[which] != null) {
            channels[which].close();
          }
          channels[which] = opened;
          return opened.position();
        });
  }

  private String lock(String name, FileChannel channel) {
    if (!locks.isEmpty() && random.nextBoolean()) {
      FileLock lock = locks.remove(random.nextInt(locks.size()));
      return say(
          "unlock",
          () -> {
            boolean valid = lock.isValid();
            lock.release();
            return valid;
          });
    }
    long at = random.nextInt(100);
    boolean shared = random.nextBoolean();
    return say(
        "lock " + name,
        () -> {
          FileLock lock = channel.tryLock(at, 30, shared);
          locks.add(lock);
          return lock.isValid();
        });
  }

  /** All that is there. */
  SortedMap<String, Integer> tree() throws IOException {
    SortedMap<String, Integer> found = new TreeMap<>();
    try (Stream<Path> all = Files.walk(root)) {
      for (Path path : (Iterable<Path>) all::iterator) {
        int content = Files.isDirectory(path) ? 0 : Arrays.hashCode(Files.readAllBytes(path));
        found.put(root.relativize(path).toString(), content);
      }
    }
    return found;
  }

  @Override
  public void close() throws IOException {
    for (FileChannel channel : channels) {
      if (channel != null) {
        channel.close();
      }
    }
  }
}
