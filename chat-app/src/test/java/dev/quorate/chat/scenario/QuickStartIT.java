package dev.quorate.chat.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
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

/** {@code bin/chat} makes archives of classes before the first demo of a build, and uses them. */
@Timeout(150)
@DisabledIfSystemProperty(named = "quorate.scenarios", matches = "short")
class QuickStartIT {
  private static final Duration START = Duration.ofSeconds(100);
  private static final String RECORDING = "recording what a start loads";

  @TempDir private Path directory;

  @Test
  void theArchivesAreMadeOnceAndServePromptAndNodes() throws Exception {
    Path home = copyOfTheProduct();
    try (Site site = Site.oneMachine(directory, Scenarios.transport())) {
      assertThat(demo(site, home, "")).contains(RECORDING);
      assertThat(home.resolve("chat-app/target/cds")).isDirectoryContaining("glob:**/node.jsa");
      assertThat(home.resolve("chat-app/target/cds")).isDirectoryContaining("glob:**/prompt.jsa");
      // No JVM starts so without its archive.
      assertThat(demo(site, home, "-Xshare:on")).doesNotContain(RECORDING);
    }
  }

  /** One demo to its end; what it said. */
  private String demo(Site site, Path home, String javaOptions) throws Exception {
    List<String> command = new ArrayList<>(List.of(home.resolve("bin/chat").toString(), "demo"));
    command.addAll(site.options(0));
    ProcessBuilder builder = DemoProcess.underTest(command, directory);
    builder.environment().remove("QUORATE_BUILD");
    builder.environment().put("JDK_JAVA_OPTIONS", javaOptions);
    try (LineProcess demo = new LineProcess("the copy", builder)) {
      demo.send("exit");
      demo.await("^Ready after .*$", START);
      assertThat(demo.awaitExit(START)).isZero();
      return demo.transcript();
    }
  }

  private Path copyOfTheProduct() throws IOException {
    Path original = DemoProcess.script().getParent().getParent();
    Path home = directory.resolve("home");
    for (String part : List.of("bin", "chat-app/target/lib")) {
      Files.createDirectories(home.resolve(part));
      try (Stream<Path> files = Files.list(original.resolve(part))) {
        for (Path file : files.toList()) {
          Files.copy(
              file,
              home.resolve(part).resolve(file.getFileName()),
              StandardCopyOption.COPY_ATTRIBUTES);
        }
      }
    }
    return home;
  }
}
