package dev.quorate.arch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Every invariant of the simulator has a test that hands it something wrong: the table of {@code
 * docs/verification.md} names them, and this looks whether they are there.
 */
class WrongHistoriesTest {

  private static final int INVARIANTS = 21;

  private static final Pattern ROW =
      Pattern.compile("(?m)^\\| (?<name>[IP]\\d+|[a-z ]+) \\| (?<tests>`\\w+Test\\.\\w+`.*) \\|$");

  private static final Pattern TEST = Pattern.compile("`(?<type>\\w+Test)\\.(?<method>\\w+)`");

  /** What the checks of the test kit call what is broken. */
  private static final Pattern BROKEN = Pattern.compile("\"([IP]\\d+)\"");

  private static Map<String, List<MatchResult>> table() {
    Map<String, List<MatchResult>> table = new TreeMap<>();
    ROW.matcher(Project.text(Project.ROOT.resolve("docs/verification.md")))
        .results()
        .forEach(row -> table.put(row.group(1), TEST.matcher(row.group(2)).results().toList()));
    return table;
  }

  private static List<Path> sources(String folder) throws IOException {
    try (Stream<Path> files = Files.walk(Project.ROOT.resolve(folder))) {
      return files.filter(file -> file.toString().endsWith(".java")).toList();
    }
  }

  @Test
  void everyInvariantThatIsJudgedHasAWrongHistory() throws IOException {
    Set<String> judged =
        IntStream.rangeClosed(1, INVARIANTS)
            .mapToObj(number -> "I" + number)
            .collect(Collectors.toCollection(TreeSet::new));
    for (Path source : sources("raft-testkit/src/main/java")) {
      BROKEN.matcher(Project.text(source)).results().forEach(it -> judged.add(it.group(1)));
    }
    assertThat(table().keySet()).containsAll(judged);
  }

  @Test
  void theTestsThatAreNamedAreThere() throws IOException {
    List<Path> sources = new ArrayList<>(sources("raft-testkit/src/test/java"));
    sources.addAll(sources("simulation-tests/src/test/java"));
    table()
        .forEach(
            (invariant, tests) -> {
              assertThat(tests).as(invariant).isNotEmpty();
              tests.forEach(
                  test ->
                      assertThat(text(sources, test.group(1)))
                          .as(invariant)
                          .containsPattern("@Test\\s+void " + test.group(2) + "\\(\\)"));
            });
  }

  private static String text(List<Path> sources, String type) {
    return sources.stream()
        .filter(file -> file.getFileName().toString().equals(type + ".java"))
        .findFirst()
        .map(Project::text)
        .orElse("");
  }
}
