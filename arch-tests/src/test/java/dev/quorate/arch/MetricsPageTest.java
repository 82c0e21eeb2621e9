package dev.quorate.arch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.raft.api.metrics.Metric;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The page of metrics lists what there is to be reported, in the same order. */
class MetricsPageTest {

  private static final Pattern ROW =
      Pattern.compile("\\| `(raft\\.[^`]+)` \\| (\\S+) \\| (\\S+) \\| [^|]+ \\|");

  @Test
  void thePageListsEveryMetricAndNothingElse() {
    List<String> rows =
        Project.text(Project.ROOT.resolve("docs/metrics.md"))
            .lines()
            .map(ROW::matcher)
            .filter(Matcher::matches)
            .map(row -> row.group(1) + " " + row.group(2) + " " + row.group(3))
            .toList();
    assertThat(rows)
        .containsExactlyElementsOf(
            Arrays.stream(Metric.values()).map(MetricsPageTest::row).toList());
  }

  private static String row(Metric metric) {
    return metric.key()
        + " "
        + metric.kind().name().toLowerCase(Locale.ROOT)
        + " "
        + metric.unit().name().toLowerCase(Locale.ROOT);
  }
}
