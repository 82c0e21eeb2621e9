package dev.quorate.arch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands that the documents tell people to type. */
class DocumentedCommandsTest {

  private static final Pattern COMMAND = Pattern.compile("\\./mvnw [^`\n]*");
  private static final Pattern MODULE = Pattern.compile(" -pl ([a-z-]+)");
  private static final Pattern TESTS = Pattern.compile(" -D(?:it\\.)?test=([^ ]+)");

  @TempDir Path directory;

  /** One backslash at the end of a line lets the command go on; after two, the shell ends it. */
  @Test
  void commandsOfSeveralLinesHoldTogether() {
    List<Path> pages = pages();
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

  /** Maven takes a name that is none for "nothing to run", and succeeds. */
  @Test
  void testsThatAreToBeRunExist() {
    List<Path> pages = pages();
    assertThat(pages.stream().flatMap(page -> named(page).stream())).hasSizeGreaterThan(10);
    assertThat(pages.stream().flatMap(page -> missingTests(page).stream())).isEmpty();
  }

  @Test
  void seesATestThatDoesNotExist() throws Exception {
    Path page = directory.resolve("page.md");
    Files.writeString(
        page,
        """
        | one | `./mvnw -pl arch-tests -am test -Dtest=GoneTest -q` |
        | its module's | `./mvnw -pl storage-file test -Dtest=DocumentedCommandsTest` |
            ./mvnw verify -pl arch-tests -Dtest=none \\
                -Dit.test=PackagedModulesIT#one,GoneIT
            mvn test -Dtest=YoursTest
        """);
    assertThat(missingTests(page))
        .containsExactly(
            "arch-tests: GoneTest", "storage-file: DocumentedCommandsTest", "arch-tests: GoneIT");
  }

  private static List<Path> pages() {
    List<Path> pages = new ArrayList<>(Project.files(Project.ROOT.resolve("docs"), ".md"));
    pages.add(Project.ROOT.resolve("CONTRIBUTING.md"));
    pages.add(Project.ROOT.resolve("README.md"));
    Project.modules().forEach(module -> pages.add(Project.ROOT.resolve(module + "/README.md")));
    pages.removeIf(page -> !Files.exists(page));
    return pages;
  }

  /** A test that a command names, in the module that the command is for. */
  private record Named(String module, String test) {
    boolean exists() {
      return Project.files(Project.ROOT.resolve(module).resolve("src/test/java"), ".java").stream()
          .anyMatch(source -> source.endsWith(test + ".java"));
    }
  }

  private static List<String> missingTests(Path page) {
    return named(page).stream()
        .filter(named -> !named.exists())
        .map(named -> named.module() + ": " + named.test())
        .toList();
  }

  private static List<Named> named(Path page) {
    List<Named> all = new ArrayList<>();
    Matcher command = COMMAND.matcher(Project.text(page).replaceAll("\\\\\n", " "));
    while (command.find()) {
      Matcher module = MODULE.matcher(command.group());
      Matcher tests = TESTS.matcher(command.group());
      while (tests.find()) {
        assertThat(module.reset().find()).as("%s says -pl", command.group()).isTrue();
        for (String test : tests.group(1).split(",")) {
          if (!test.equals("none")) {
            all.add(new Named(module.group(1), test.replaceFirst("#.*", "")));
          }
        }
      }
    }
    return all;
  }

  private static Stream<String> lines(Path page) {
    return Project.text(page).lines();
  }

  private static boolean isBroken(Path page) {
    return lines(page).anyMatch(line -> line.endsWith("\\\\"));
  }
}
