package dev.quorate.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the pages in {@code docs} show of Java compiles. */
class PageSnippetsTest {

  private static final Path PAGES = Path.of("../docs");
  private static final Pattern SNIPPET = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

  /** What stands before a snippet: the names that pages use without saying what they are. */
  private static final String BEFORE =
      """
      import dev.quorate.examples.counter.Counter;
      import dev.quorate.raft.api.*;
      import dev.quorate.raft.api.config.*;
      import dev.quorate.raft.api.metrics.*;
      import dev.quorate.raft.engine.*;
      import dev.quorate.raft.metrics.jmx.JmxMetrics;
      import dev.quorate.raft.metrics.micrometer.MicrometerMetrics;
      import io.micrometer.core.instrument.MeterRegistry;
      import java.nio.file.Path;
      import java.time.Duration;
      import java.util.Map;

      class %s {
        void show(
            RaftNode node, byte[] command, byte[] query, Duration deadline, Map<String, String> map,
            Outcome.Applied applied, MeterRegistry registry, long id, long n) throws Exception {
      """;

  @TempDir private Path directory;

  @Test
  void whatThePagesShowCompiles() throws Exception {
    List<String> sources = sources();
    assertThat(sources).hasSizeGreaterThan(5);
    assertThat(compile(sources)).isEmpty();
  }

  @Test
  void seesWhatDoesNotCompile() throws Exception {
    Path file = directory.resolve("Wrong.java");
    Files.writeString(file, source("Wrong", "node.submitt(command);\n"));
    assertThat(compile(List.of(file.toString()))).contains("submitt");
  }

  /** One file for each snippet, named after its page. */
  private List<String> sources() throws IOException {
    List<String> sources = new ArrayList<>();
    try (Stream<Path> pages = Files.list(PAGES)) {
      for (Path page : pages.filter(file -> file.toString().endsWith(".md")).sorted().toList()) {
        String name = page.getFileName().toString().replace(".md", "").replace('-', '_');
        Matcher snippets = SNIPPET.matcher(Files.readString(page));
        for (int i = 1; snippets.find(); i++) {
          Path file = directory.resolve(name + i + ".java");
          Files.writeString(file, source(name + i, snippets.group(1)));
          sources.add(file.toString());
        }
      }
    }
    return sources;
  }

  /** A builder that goes on elsewhere, which pages show as three dots, ends here. */
  private static String source(String name, String snippet) {
    return BEFORE.formatted(name) + snippet.replaceAll("(?m) // \\.\\.\\.$", ";") + "}}\n";
  }

  /** What the compiler has against it. */
  private String compile(List<String> sources) throws IOException, InterruptedException {
    String path =
        String.join(
            File.pathSeparator,
            System.getProperty("java.class.path", ""),
            System.getProperty("jdk.module.path", ""));
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "javac").toString());
    command.addAll(List.of("-proc:none", "-d", directory.toString(), "-cp", path));
    command.addAll(sources);
    Path output = directory.resolve("output");
    Process compiler =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      assertThat(compiler.waitFor(2, TimeUnit.MINUTES)).isTrue();
    } finally {
      compiler.destroyForcibly();
    }
    return Files.readString(output, StandardCharsets.UTF_8);
  }
}
