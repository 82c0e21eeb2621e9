package dev.quorate.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** I20: a seed is the same run in every process, or a failure could not be seen again. */
class DeterminismTest {

  private static final long FROM = 1;
  private static final long TO = 16;

  @Test
  void aSeedIsTheSameRunInAnotherProcess() throws IOException, InterruptedException {
    Process other =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                // Another hash seed for immutable sets and maps, and another layout of the heap.
                "-Xmx512m",
                "-Djava.util.logging.config.file="
                    + System.getProperty("java.util.logging.config.file"),
                "-cp",
                System.getProperty("java.class.path"),
                TraceHashes.class.getName(),
                Long.toString(FROM),
                Long.toString(TO))
            .redirectErrorStream(true)
            .start();
    try {
      String here = TraceHashes.of(FROM, TO);
      String there = new String(other.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(other.waitFor(2, TimeUnit.MINUTES)).isTrue();
      assertThat(there).isEqualTo(here);
    } finally {
      other.destroyForcibly();
    }
  }
}
