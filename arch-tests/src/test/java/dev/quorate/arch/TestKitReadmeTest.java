package dev.quorate.arch;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The tests in the test kit's README are those that are really run. */
class TestKitReadmeTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "storage-file/src/test/java/dev/quorate/raft/storage/file/FileStorageContractTest.java",
        "transport-tcp/src/test/java/dev/quorate/raft/transport/tcp/TcpTransportContractTest.java",
        "simulation-tests/src/test/java/dev/quorate/simulation/CounterSimulationTest.java"
      })
  void showsATestAsItIs(String file) {
    String source = Project.text(Project.ROOT.resolve(file));
    assertThat(Project.text(Project.ROOT.resolve("raft-testkit/README.md")))
        .contains("```java\n" + source.substring(source.indexOf("class ")) + "```\n");
  }
}
