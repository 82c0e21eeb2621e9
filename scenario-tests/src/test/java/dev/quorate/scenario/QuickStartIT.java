package dev.quorate.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * How long {@code bin/chat demo} takes to a prompt, and what it does before: a build that it found
 * to be necessary, and archives of classes, which are part of that build. What somebody has built
 * who did not want to start anything then starts without them.
 */
@Timeout(300)
@DisabledIfSystemProperty(named = "quorate.scenarios", matches = "short")
class QuickStartIT {
  private static final Duration START = Duration.ofSeconds(100);
  private static final String BUILDING = "building the chat with Maven";
  private static final String RECORDING = "recording what a start loads";

  /** Of the specification, for two cores that have nothing else to do. */
  private static final Duration UP = Duration.ofSeconds(10);

  private static final int CORES = 2;

  @TempDir private Path directory;

  @Test
  void theArchivesAreMadeWithABuildForADemoAndServePromptAndNodes() throws Exception {
    Path home = copyOfTheSources();
    Path archives = home.resolve("chat-app/target/cds");
    try (Site site = Site.oneMachine(directory, Scenarios.transport())) {
      assertThat(refused(home, "--nodez", "3"))
          .contains(BUILDING, "Unknown options: '--nodez'")
          .doesNotContain(RECORDING);
      assertThat(refused(home, "--cluster", "missing.json"))
          .contains("missing.json")
          .doesNotContain(BUILDING, RECORDING);
      assertThat(demo(site, home)).doesNotContain(BUILDING, RECORDING);
      assertThat(archives).doesNotExist();

      undoBuild(home);
      assertThat(demo(site, home)).containsSubsequence(BUILDING, RECORDING, "Starting nodes");
      assertThat(archives).isDirectoryContaining("glob:**/node.jsa");
      assertThat(archives).isDirectoryContaining("glob:**/prompt.jsa");

      assertThat(demoWithArchives(site, home)).doesNotContain(BUILDING, RECORDING);
    }
  }

  /** One demo to its end, which is up in time; what it said. */
  private String demoWithArchives(Site site, Path home) throws Exception {
    long begin = System.nanoTime();
    // No JVM starts so without its archive.
    try (LineProcess demo = start(home, "-Xshare:on", site.options(0))) {
      demo.await("^Ready after .*$", START);
      Duration taken = Duration.ofNanos(System.nanoTime() - begin);
      // On a machine that has other work it takes longer, but what is to be done is the same.
      assertThat(work(demo)).as("work of a start").isLessThan(UP.multipliedBy(CORES));
      if (Boolean.getBoolean("quorate.ci")) {
        assertThat(taken).isLessThan(UP);
      }
      demo.send("exit");
      assertThat(demo.awaitExit(START)).isZero();
      return demo.transcript();
    }
  }

  /** One demo to its end; what it said. */
  private String demo(Site site, Path home) throws Exception {
    try (LineProcess demo = start(home, "", site.options(0))) {
      demo.send("exit");
      demo.await("^Ready after .*$", START);
      assertThat(demo.awaitExit(START)).isZero();
      return demo.transcript();
    }
  }

  /** A demo that does not like its options; what it said. */
  private String refused(Path home, String... options) throws Exception {
    try (LineProcess demo = start(home, "", List.of(options))) {
      assertThat(demo.awaitExit(START)).isEqualTo(2);
      return demo.transcript();
    }
  }

  private LineProcess start(Path home, String javaOptions, List<String> options)
      throws IOException {
    List<String> command = new ArrayList<>(List.of(home.resolve("bin/chat").toString(), "demo"));
    command.addAll(options);
    ProcessBuilder builder = DemoProcess.underTest(command, directory);
    builder.environment().remove("QUORATE_BUILD");
    builder.environment().put("JDK_JAVA_OPTIONS", javaOptions);
    return new LineProcess("the copy", builder);
  }

  /** The time of cores that prompt and nodes have used. */
  private static Duration work(LineProcess demo) {
    return Stream.concat(Stream.of(demo.process().toHandle()), demo.children().stream())
        .flatMap(process -> process.info().totalCpuDuration().stream())
        .reduce(Duration.ZERO, Duration::plus);
  }

  /** A clone that nobody has built yet, and whose build takes what was built here. */
  private Path copyOfTheSources() throws IOException {
    Path original = DemoProcess.script().getParent().getParent();
    Path home = Files.createDirectories(directory.resolve("home"));
    Path script = Files.createDirectory(home.resolve("bin")).resolve("chat");
    Files.copy(original.resolve("bin/chat"), script, StandardCopyOption.COPY_ATTRIBUTES);
    Path maven = home.resolve("mvnw");
    Files.writeString(
        maven,
        """
        #!/bin/sh
        mkdir -p chat-app/target
        cp -r '%s' chat-app/target
        """
            .formatted(original.resolve("chat-app/target/lib")));
    assertThat(maven.toFile().setExecutable(true)).isTrue();
    return home;
  }

  /** Takes that build away. */
  private static void undoBuild(Path home) throws IOException {
    try (DirectoryStream<Path> jars =
        Files.newDirectoryStream(home.resolve("chat-app/target/lib"), "chat-app-*.jar")) {
      for (Path jar : jars) {
        Files.delete(jar);
      }
    }
  }
}
