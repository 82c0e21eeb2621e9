package dev.quorate.arch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The documents that list the modules list all of them. */
class ModuleMapTest {

  @ParameterizedTest
  @ValueSource(strings = {"README.md", "docs/architecture.md"})
  void namesEveryModule(String page) throws IOException {
    String rows =
        Project.text(Project.ROOT.resolve(page))
            .lines()
            .filter(line -> line.startsWith("| `"))
            // The first cell.
            .map(line -> line.split("\\|")[1])
            .collect(Collectors.joining("\n"));
    assertThat(modules()).isNotEmpty().allSatisfy(module -> assertThat(rows).contains(module));
  }

  private static List<String> modules() throws IOException {
    try (Stream<Path> children = Files.list(Project.ROOT)) {
      return children
          .filter(child -> Files.exists(child.resolve("pom.xml")))
          .map(child -> "`" + child.getFileName() + "`")
          .sorted()
          .toList();
    }
  }
}
