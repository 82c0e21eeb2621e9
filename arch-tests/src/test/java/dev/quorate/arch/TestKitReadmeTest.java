package dev.quorate.arch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The tests in the test kit's README are those that are really run. */
class TestKitReadmeTest {

  private static final String README = Project.text(Project.ROOT.resolve("raft-testkit/README.md"));
  private static final Pattern VERSION = Pattern.compile("<version>(.*?)</version>");
  private static final Pattern JUNIT =
      Pattern.compile("<artifactId>junit-bom</artifactId>\\s*<version>(.*?)</version>");

  /** So that what it says can be copied. */
  @Test
  void namesTheVersionsThatAreBuilt() {
    String pom = Project.text(Project.ROOT.resolve("pom.xml"));
    Matcher ours = VERSION.matcher(pom);
    assertThat(ours.find()).isTrue();
    Matcher junit = JUNIT.matcher(pom);
    assertThat(junit.find()).isTrue();
    assertThat(VERSION.matcher(README).results().map(it -> it.group(1)).distinct())
        .containsExactlyInAnyOrder(ours.group(1), junit.group(1));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "storage-file/src/test/java/dev/quorate/raft/storage/file/FileStorageContractTest.java",
        "transport-tcp/src/test/java/dev/quorate/raft/transport/tcp/TcpTransportContractTest.java",
        "simulation-tests/src/test/java/dev/quorate/simulation/FirstSimulationTest.java"
      })
  void showsATestAsItIs(String file) {
    String source = Project.text(Project.ROOT.resolve(file));
    assertThat(README)
        .contains("```java\n" + source.substring(source.indexOf("import ")) + "```\n");
  }
}
