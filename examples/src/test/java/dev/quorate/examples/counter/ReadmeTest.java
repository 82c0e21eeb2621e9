package dev.quorate.examples.counter;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The program in the README is the one that is compiled and tested here. */
class ReadmeTest {

  private static final int MAX_LINES = 40;

  @Test
  void showsTheCounterAsItIs() throws IOException {
    assertThat(Files.readString(Path.of("../README.md")))
        .contains("```java\n" + program() + "```\n");
  }

  @Test
  void theCounterIsShort() throws IOException {
    assertThat(program().lines().count()).isLessThanOrEqualTo(MAX_LINES);
  }

  /** The class, without package, imports and comment. */
  private static String program() throws IOException {
    String source =
        Files.readString(Path.of("src/main/java/dev/quorate/examples/counter/Counter.java"));
    return source.substring(source.indexOf("public final class Counter"));
  }
}
