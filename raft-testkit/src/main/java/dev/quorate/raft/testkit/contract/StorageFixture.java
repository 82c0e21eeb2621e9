package dev.quorate.raft.testkit.contract;

import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.config.Settings;
import dev.quorate.raft.api.storage.Storage;
import dev.quorate.raft.api.storage.StorageContext;
import dev.quorate.raft.api.storage.StorageProvider;
import dev.quorate.raft.testkit.internal.tests.LogModel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** What the cases need: a directory, the storage under test in it, and ways to open it again. */
abstract class StorageFixture {

  static final String CLUSTER = "chat";
  static final NodeId NODE = NodeId.of("n1");
  static final long INCARNATION = 4711;
  static final String HOLDER = "process 17";
  static final String GROUP = "g";

  @TempDir Path temp;

  /** The directory of the storage under test; neither it nor its parent is there yet. */
  Path directory;

  private final List<Storage> opened = new ArrayList<>();
  private int images;

  /**
   * The plug-in under test.
   *
   * @return its provider; asked for several times in a test, and may be a new object each time
   */
  protected abstract StorageProvider provider();

  /**
   * What every storage under test is configured with. Where a storage begins new files as it grows,
   * files that are as small as it allows make the cases meet that often.
   *
   * @return the settings; none unless overridden
   */
  protected Settings settings() {
    return Settings.empty();
  }

  /**
   * Makes what the next process would find if the one that has a storage open were killed now. No
   * other thread uses the storage meanwhile.
   *
   * @param directory the directory of the storage, which stays open
   * @param image where to make it; not there yet
   * @throws IOException if that failed
   */
  protected void killedImage(Path directory, Path image) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.toList()) {
        Files.copy(file, image.resolve(directory.relativize(file).toString()));
      }
    }
  }

  @BeforeEach
  void chooseDirectory() {
    directory = temp.resolve("data").resolve("n1");
  }

  @AfterEach
  void closeAll() throws IOException {
    for (Storage storage : opened) {
      storage.close();
    }
  }

  final StorageContext context(
      Path where, String cluster, NodeId node, long incarnation, Settings settings) {
    return new StorageContext(where, cluster, node, incarnation, HOLDER, settings);
  }

  final Storage open(StorageContext context) throws IOException {
    Storage storage = provider().open(context);
    opened.add(storage);
    return storage;
  }

  final Storage open(Path where) throws IOException {
    return open(context(where, CLUSTER, NODE, INCARNATION, settings()));
  }

  /** The log of the group in the storage under test. */
  final TestLog openLog() throws IOException {
    return openLog(directory);
  }

  final TestLog openLog(Path where) throws IOException {
    return new TestLog(where, open(where), GROUP);
  }

  /** A name in the temporary directory that was not used yet. */
  final Path freshPath() {
    return temp.resolve("image-" + images++);
  }

  /** Closes the storage and opens it again: everything is there. */
  final TestLog reopened(TestLog log) throws IOException {
    log.storage.close();
    TestLog again = openLog(log.directory);
    again.checkIs(log.model());
    return again;
  }

  /** What the log is for the next process if this one is killed now. */
  final TestLog afterKill(TestLog log) throws IOException {
    Path image = freshPath();
    killedImage(log.directory, image);
    return openLog(image);
  }

  /** Forces, and checks what the next process finds if this one is killed now. */
  final TestLog forcedAndKilled(TestLog log) throws IOException {
    log.force();
    LogModel before = log.model();
    TestLog again = afterKill(log);
    again.checkIs(before);
    return again;
  }

  static List<Path> filesIn(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(directory)) {
      return files.filter(Files::isRegularFile).sorted().toList();
    }
  }

  /** Turns some bits of a file, in place: one of its first bytes and one anywhere. */
  static void rot(Path file, Random random) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      int size = (int) channel.size();
      for (int bound : new int[] {size, Math.min(size, 4_096)}) {
        int at = random.nextInt(bound);
        ByteBuffer one = ByteBuffer.allocate(1);
        channel.read(one, at);
        one.put(0, (byte) (one.get(0) ^ (1 + random.nextInt(255))));
        channel.write(one.flip(), at);
      }
    }
  }
}
