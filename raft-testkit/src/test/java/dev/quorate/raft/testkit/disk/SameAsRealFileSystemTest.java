package dev.quorate.raft.testkit.disk;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * As long as nothing fails, nobody can tell the simulated disk from a real one: random calls get
 * the same results, and the same exceptions.
 */
class SameAsRealFileSystemTest {

  private static final int RUNS = 60;
  private static final int STEPS = 400;

  @Test
  void ofTheTemporaryDirectory(@TempDir Path temp) throws IOException {
    compareOn(temp);
  }

  @Test
  void ofMemory() throws IOException {
    Path memory = Path.of("/dev/shm");
    Assumptions.assumeTrue(Files.isWritable(memory), "there is no /dev/shm");
    Path temp = Files.createTempDirectory(memory, "quorate-disk-test");
    try {
      compareOn(temp);
    } finally {
      deleteAll(temp);
    }
  }

  private static void compareOn(Path temp) throws IOException {
    SortedMap<String, Integer> seen = new TreeMap<>();
    for (int run = 0; run < RUNS; run++) {
      SimulatedDisk disk = SimulatedDisk.create(run);
      Path real = Files.createDirectory(temp.resolve("run" + run));
      Path simulated = Files.createDirectory(disk.path("/run"));
      try (RandomCalls onReal = new RandomCalls(real, new Random(run));
          RandomCalls onSimulated = new RandomCalls(simulated, new Random(run))) {
        for (int step = 0; step < STEPS; step++) {
          String expected = onReal.step();
          assertThat(onSimulated.step()).as("run %d step %d", run, step).isEqualTo(expected);
          seen.merge(
              expected.replaceFirst("^([a-zA-Z]+).*→ ?([A-Z][a-zA-Z]*Exception)?.*", "$1 $2"),
              1,
              Integer::sum);
        }
        assertThat(onSimulated.tree()).isEqualTo(onReal.tree());
      }
      deleteAll(real);
    }
    // The calls do meet what they are to be compared in.
    assertThat(seen)
        .containsKeys(
            "open NoSuchFileException",
            "open FileAlreadyExistsException",
            "open FileSystemException",
            "open IllegalArgumentException",
            "read NonReadableChannelException",
            "readAll IOException",
            "write NonWritableChannelException",
            "force ClosedChannelException",
            "move DirectoryNotEmptyException",
            "move FileSystemException",
            "delete DirectoryNotEmptyException",
            "list NotDirectoryException",
            "lock OverlappingFileLockException");
  }

  private static void deleteAll(Path root) throws IOException {
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path directory, IOException e)
              throws IOException {
            Files.delete(directory);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
