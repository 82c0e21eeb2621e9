package dev.quorate.arch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SourceRulesTest {

  private static final int MAX_LINES = 500;

  /** Of a thread or a unit of time, called, referred to or imported. */
  private static final Pattern SLEEP = Pattern.compile("[.:]sleep\\b");

  @TempDir Path directory;

  @Test
  void everyPackageSaysWhatItIsFor() {
    assertThat(Project.sources("src/main/java")).isNotEmpty();
    assertThat(packagesWithoutInfo(Project.sources("src/main/java")))
        .as("packages without package-info.java: a room needs a sign at its door")
        .isEmpty();
  }

  @Test
  void seesPackagesWithoutInfo() throws Exception {
    Path bare = Files.createDirectory(directory.resolve("bare"));
    Files.writeString(bare.resolve("Lonely.java"), "package bare;");
    Files.writeString(directory.resolve("module-info.java"), "module bare {}");

    assertThat(packagesWithoutInfo(Project.files(directory, ".java"))).containsExactly(bare);
  }

  @Test
  void noFileIsLong() {
    assertThat(longFiles(Project.sources("src/main/java")))
        .as("files of more than %s lines: they are several things in one", MAX_LINES)
        .isEmpty();
  }

  @Test
  void seesLongFiles() throws Exception {
    Path file = directory.resolve("Long.java");
    Files.writeString(file, "\n".repeat(MAX_LINES));
    assertThat(longFiles(List.of(file))).isEmpty();

    Files.writeString(file, "\n".repeat(MAX_LINES + 1));
    assertThat(longFiles(List.of(file))).containsExactly(file);
  }

  @Test
  void noTestSleeps() {
    assertThat(sleepers(Project.sources("src/test/java")))
        .as("tests that sleep: they are slow where they are right and wrong where they are slow")
        .isEmpty();
  }

  @Test
  void seesSleep() throws Exception {
    for (String line : List.of("Thread.sleep(1);", "Thread::sleep", "SECONDS.sleep(1);")) {
      Path file = directory.resolve("SomeTest.java");
      Files.writeString(file, line);
      assertThat(sleepers(List.of(file))).as(line).containsExactly(file);
    }
  }

  private static List<Path> packagesWithoutInfo(Collection<Path> sources) {
    return sources.stream()
        .filter(file -> !file.endsWith("module-info.java"))
        .map(Path::getParent)
        .distinct()
        .filter(folder -> !Files.exists(folder.resolve("package-info.java")))
        .toList();
  }

  private static List<Path> longFiles(Collection<Path> sources) {
    return sources.stream().filter(file -> Project.text(file).lines().count() > MAX_LINES).toList();
  }

  private static List<Path> sleepers(Collection<Path> sources) {
    return sources.stream().filter(file -> SLEEP.matcher(Project.text(file)).find()).toList();
  }
}
