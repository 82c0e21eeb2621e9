package dev.quorate.arch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The page of other implementations' bugs names the tests that cover each, and each of these tests
 * names the bug's number by a tag: neither knows of more than the other.
 */
class PitfallsPageTest {

  private static final String PAGE = "docs/pitfalls.md";
  private static final int PITFALLS = 58;

  private static final Pattern ROW = Pattern.compile("(?m)^\\| (\\d+) \\| [^|]+ \\| ([^|]+) \\|$");

  /** A test class with a method, a class alone, or another method of the class before. */
  private static final Pattern NAMED =
      Pattern.compile("`(?:(?<type>\\w+(?:Test|IT)))?(?:\\.(?<method>\\w+))?`");

  private static final Pattern TAGGED =
      Pattern.compile(
          "(?<tags>(?:@Tag\\(\"pitfall-\\d+\"\\)\\s+)+)"
              + "(?:@\\w+(?:\\([^)]*\\))?\\s+)*"
              + "(?:(?:final|abstract|public)\\s+)*(?:class (?<type>\\w+)|void (?<method>\\w+))");

  private static final Pattern NUMBER = Pattern.compile("pitfall-(\\d+)");

  @TempDir Path directory;

  private static List<MatchResult> rows() {
    return ROW.matcher(Project.text(Project.ROOT.resolve(PAGE))).results().toList();
  }

  /** What the page says, as {@code Class} or {@code Class.method}, by number. */
  private static SortedMap<Integer, SortedSet<String>> named(List<MatchResult> rows) {
    SortedMap<Integer, SortedSet<String>> tests = new TreeMap<>();
    for (MatchResult row : rows) {
      SortedSet<String> ofRow = new TreeSet<>();
      String type = "";
      var names = NAMED.matcher(row.group(2));
      while (names.find()) {
        type = names.group("type") == null ? type : names.group("type");
        String method = names.group("method");
        ofRow.add(method == null ? type : type + "." + method);
      }
      if (!ofRow.isEmpty()) {
        tests.put(Integer.parseInt(row.group(1)), ofRow);
      }
    }
    return tests;
  }

  /** What the tests say. */
  private static SortedMap<Integer, SortedSet<String>> tagged(Collection<Path> sources) {
    SortedMap<Integer, SortedSet<String>> tests = new TreeMap<>();
    for (Path source : sources) {
      String type = source.getFileName().toString().replace(".java", "");
      var found = TAGGED.matcher(Project.text(source));
      while (found.find()) {
        String method = found.group("method");
        String test = method == null ? type : type + "." + method;
        NUMBER
            .matcher(found.group("tags"))
            .results()
            .map(number -> Integer.parseInt(number.group(1)))
            .forEach(number -> tests.computeIfAbsent(number, n -> new TreeSet<>()).add(test));
      }
    }
    return tests;
  }

  @Test
  void everyNumberHasARow() {
    assertThat(rows().stream().map(row -> Integer.parseInt(row.group(1))))
        .containsExactlyElementsOf(IntStream.rangeClosed(1, PITFALLS).boxed().toList());
  }

  @Test
  void theTestsThatThePageNamesNameTheNumberAndNoOthersDo() {
    assertThat(tagged(Project.sources("src/test/java"))).isEqualTo(named(rows()));
  }

  @Test
  void seesTags() throws Exception {
    Path source = directory.resolve("SomeTest.java");
    Files.writeString(
        source,
        """
        @Tag("pitfall-3")
        class SomeTest {
          @Test
          @Tag("pitfall-4")
          @Tag("pitfall-5")
          @Timeout(3)
          void one() {}

          @Test
          void two() {}
        }
        """);
    assertThat(tagged(List.of(source)))
        .hasToString("{3=[SomeTest], 4=[SomeTest.one], 5=[SomeTest.one]}");
  }
}
