package dev.quorate.arch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A command that goes on in the next line ends in one backslash; after two, the shell ends it. */
class DocumentedCommandsTest {

  @TempDir Path directory;

  @Test
  void commandsOfSeveralLinesHoldTogether() {
    List<Path> pages = new ArrayList<>(Project.files(Project.ROOT.resolve("docs"), ".md"));
    pages.add(Project.ROOT.resolve("README.md"));
    Project.modules().forEach(module -> pages.add(Project.ROOT.resolve(module + "/README.md")));
    pages.removeIf(page -> !Files.exists(page));

    assertThat(pages.stream().flatMap(DocumentedCommandsTest::lines))
        .anyMatch(line -> line.endsWith(" \\"));
    assertThat(pages.stream().filter(DocumentedCommandsTest::isBroken)).isEmpty();
  }

  @Test
  void seesACommandThatFallsApart() throws Exception {
    Path page = directory.resolve("page.md");
    assertThat(isBroken(Files.writeString(page, "    ./mvnw test \\\n        -Dtest=X\n")))
        .isFalse();
    assertThat(isBroken(Files.writeString(page, "    ./mvnw test \\\\\n        -Dtest=X\n")))
        .isTrue();
  }

  private static Stream<String> lines(Path page) {
    return Project.text(page).lines();
  }

  private static boolean isBroken(Path page) {
    return lines(page).anyMatch(line -> line.endsWith("\\\\"));
  }
}
