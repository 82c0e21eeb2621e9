package dev.quorate.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * A test of many seeds runs with JUnit 6 as it does with JUnit 5, for which the test kit is built.
 * The jars of JUnit 6 are in a directory that the build fills.
 */
class Junit6Test {

  private static final Path JARS = Path.of("target", "junit6");

  @Test
  void aTestOfManySeedsRuns() throws IOException, InterruptedException {
    Process other =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djava.util.logging.config.file="
                    + System.getProperty("java.util.logging.config.file"),
                "-cp",
                classPath(),
                Junit6.class.getName())
            .redirectErrorStream(true)
            .start();
    try {
      String output = new String(other.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(other.waitFor(2, TimeUnit.MINUTES)).isTrue();
      assertThat(output).containsPattern("(?m)^6\\..*: 2 of 2$");
      assertThat(other.exitValue()).as(output).isZero();
    } finally {
      other.destroyForcibly();
    }
  }

  /** JUnit 6, and of our class path all that is not JUnit. */
  private static String classPath() throws IOException {
    try (Stream<Path> jars = Files.list(JARS)) {
      Stream<String> ours =
          Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
              .filter(entry -> !Path.of(entry).getFileName().toString().startsWith("junit-"));
      List<String> all = Stream.concat(jars.map(Path::toString), ours).toList();
      return all.stream().collect(Collectors.joining(File.pathSeparator));
    }
  }
}
