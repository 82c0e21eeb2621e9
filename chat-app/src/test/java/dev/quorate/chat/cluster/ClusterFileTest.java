package dev.quorate.chat.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClusterFileTest {

  private static final String TWO_NODES =
      """
      {
        "cluster": "chat",
        "nodes": [
          {"id": 1, "host": "10.0.0.1", "chatPort": 50051, "raftPort": 50061},
          {"id": 2, "host": "::1", "chatPort": 50052, "raftPort": 50062}
        ],
        "transport": "tcp",
        "storage": "file",
        "initialLeader": 2,
        "settings": {"raft.heartbeat": "50ms"}
      }
      """;

  @TempDir private Path directory;

  @Test
  void theDefaultIsFiveNodesLedByTheSecond() {
    ClusterFile file = ClusterFile.ofFive("127.0.0.1");

    assertThat(file.nodes()).hasSize(5);
    assertThat(file.node(4)).contains(new ClusterNode(4, "127.0.0.1", 50_054, 50_064));
    assertThat(file.node(6)).isEmpty();
    assertThat(file.initialLeader()).isEqualTo(2);
    assertThat(file.transport()).isEqualTo("tcp");
    assertThat(file.storage()).isEqualTo("file");
  }

  @Test
  void readsAFileAndWritesItBack() throws IOException {
    ClusterFile file = ClusterFile.read(written(TWO_NODES));

    assertThat(file.members()).isEqualTo("1=10.0.0.1:50061,2=[::1]:50062");
    assertThat(file.settings()).containsExactly(Map.entry("raft.heartbeat", "50ms"));
    Path copy = directory.resolve("copy.json");
    file.write(copy);
    assertThat(ClusterFile.read(copy)).isEqualTo(file);
    assertThat(Files.readString(copy)).contains("\n").endsWith("}\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"cluster\": \"chat\",        |                              | key 'cluster' is missing",
        "\"cluster\": \"chat\"         | \"clutser\": \"chat\"        | unknown key 'clutser'",
        "\"raftPort\": 50062           | \"raftport\": 50062          | 'nodes[1].raftport'",
        "\"chatPort\": 50052           | \"chatPort\": \"50052\"      | 'nodes[1].chatPort' must be",
        "\"cluster\": \"chat\"         | \"cluster\": \"our chat\"     | name 'our chat' must be",
        "\"chatPort\": 50052           | \"chatPort\": 70000          | chatPort 70000 of node 2",
        "\"id\": 2                     | \"id\": 1                    | node id 1 stands twice",
        "\"initialLeader\": 2          | \"initialLeader\": 3         | initialLeader 3 is none",
        "\"50ms\"                      | 50                           | 'settings.raft.heartbeat'",
        "raft.heartbeat                | raft.transport               | use key 'transport'",
        "\"storage\": \"file\"         | \"storage\": \" \"           | key 'storage' is blank"
      })
  void refusesAWrongFileAndNamesFileAndKey(String right, String wrong, String complaint)
      throws IOException {
    Path file = written(TWO_NODES.replace(right, wrong == null ? "" : wrong));

    assertThatThrownBy(() -> ClusterFile.read(file))
        .isInstanceOf(ClusterFileException.class)
        .hasMessageContaining(file.toString())
        .hasMessageContaining(complaint);
  }

  @Test
  void refusesAnAddressThatStandsTwice() throws IOException {
    Path file = written(TWO_NODES.replace("50051", "50061"));

    assertThatThrownBy(() -> ClusterFile.read(file))
        .hasMessageContaining("address 10.0.0.1:50061 of node 1 is also one of node 1");
  }

  @Test
  void refusesAClusterWithoutNodes() {
    assertThatThrownBy(() -> new ClusterFile("chat", List.of(), "tcp", "file", 1, Map.of()))
        .hasMessageContaining("'nodes'");
  }

  @Test
  void saysThatAFileIsMissingOrNoText() throws IOException {
    assertThatThrownBy(() -> ClusterFile.read(directory.resolve("none.json")))
        .isInstanceOf(ClusterFileException.class)
        .hasMessageContaining("none.json does not exist");
    Path latin = directory.resolve("latin.json");
    Files.write(latin, "{\"ä\":1}".getBytes(StandardCharsets.ISO_8859_1));
    assertThatThrownBy(() -> ClusterFile.read(latin)).hasMessageContaining("no UTF-8");
  }

  private Path written(String text) throws IOException {
    return Files.writeString(directory.resolve("cluster.json"), text);
  }
}
