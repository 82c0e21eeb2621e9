package dev.quorate.raft.storage.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** Asks for a lock from another process, which alone can tell whether a POSIX lock is held. */
final class LockProbe {

  private LockProbe() {}

  /** What the other process says: {@code refused} or {@code locked}. */
  static String of(Path lockFile) throws IOException, InterruptedException {
    Path source = Files.createTempFile("Probe", ".java");
    try {
      Files.writeString(
          source,
          """
          import java.nio.channels.FileChannel;
          import java.nio.file.Path;
          import java.nio.file.StandardOpenOption;

          class Probe {
            public static void main(String[] args) throws Exception {
              var channel = FileChannel.open(Path.of(args[0]), StandardOpenOption.WRITE);
              System.out.print(channel.tryLock() == null ? "refused" : "locked");
            }
          }
          """);
      Process process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  source.toString(),
                  lockFile.toString())
              .redirectErrorStream(true)
              .start();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
      return said;
    } finally {
      Files.delete(source);
    }
  }
}
