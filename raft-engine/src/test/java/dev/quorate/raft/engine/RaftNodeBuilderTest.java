package dev.quorate.raft.engine;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quorate.raft.api.Address;
import dev.quorate.raft.api.ApplyContext;
import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.StateMachine;
import dev.quorate.raft.api.config.ConfigurationException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RaftNodeBuilderTest {

  private static final StateMachine NOTHING =
      new StateMachine() {
        @Override
        public byte[] apply(ApplyContext context, ByteBuffer command) {
          return new byte[0];
        }

        @Override
        public byte[] query(ByteBuffer query) {
          return new byte[0];
        }
      };

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "c; n1; 'n1' in the list",
        "c; n1=host; 'n1=host' in the list",
        "c; n1=host:1,n1=host:2; listed twice",
        "c; n1=host:1,; '' in the list",
        "c c; n1=host:1; cluster name 'c c'"
      })
  void aClusterThatIsIllFormedIsRefused(String name, String nodes, String message) {
    assertThatThrownBy(() -> Raft.node("n1").cluster(name, nodes))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "host1; 'host1' in the list of nodes is not of the form host:port or id=host:port",
        "n1=host1; 'n1=host1' in the list of nodes is not of the form host:port or id=host:port",
        "host1:1,; '' in the list",
        "host1:1,host1:1; address host1:1 is listed twice",
        "n1=a:1,n1=b:1; node n1 is listed twice",
        "host1:0; nobody can be asked at host1:0; name the port",
        "n9=host1:1; node n9 cannot join at itself",
        "host9:9; node n9 cannot join at itself"
      })
  void aListOfMembersThatIsIllFormedIsRefused(String nodes, String message) {
    assertThatThrownBy(() -> Raft.node("n9").join("c", nodes, new Address("host9", 9)))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining(message);
  }

  @Test
  void anEmptyClusterIsRefused() {
    assertThatThrownBy(() -> Raft.node("n1").cluster("c", Map.of()))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("empty");
  }

  @Test
  void whatIsMissingIsNamed() {
    RaftNodeBuilder builder = Raft.node("n1");
    assertThatThrownBy(builder::start).hasMessageContaining("cluster(");
    builder.cluster("c", Map.of(NodeId.of("n2"), new Address("host", 1)));
    assertThatThrownBy(builder::start).hasMessageContaining("dataDirectory(");
    builder.dataDirectory(Path.of("nowhere"));
    assertThatThrownBy(builder::start).hasMessageContaining("stateMachine(");
    builder.stateMachine(NOTHING);
    assertThatThrownBy(builder::start)
        .hasMessageContaining("n1 is not in the list")
        .hasMessageContaining("n2");
  }

  @Test
  void anUnknownPlugInSaysWhatThereIsAndWhereToGetIt() {
    RaftNodeBuilder builder =
        Raft.node("n1")
            .cluster("c", "n1=host:1")
            .stateMachine(NOTHING)
            .dataDirectory(Path.of("nowhere"))
            .setting("raft.transport", "pigeon");
    assertThatThrownBy(builder::start)
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("no transport 'pigeon'")
        .hasMessageContaining("found: ")
        .hasMessageContaining("dev.quorate:transport-pigeon");
  }
}
