package dev.quorate.chat.demo;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quorate.chat.cluster.ClusterFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is wrong with a cluster file is said before anything is cleared or started. */
class DemoTest {

  private static final ClusterFile FIVE = ClusterFile.ofFive("127.0.0.1");

  @TempDir private Path directory;

  @Test
  void aPlugInThatIsNotThereIsNamedWithThoseThatAre() throws IOException {
    refused(FIVE.withPlugins("pigeon", "file"))
        .hasMessageContaining("there is no transport 'pigeon'")
        .hasMessageContaining("found: grpc, tcp");
    refused(FIVE.withPlugins("tcp", "stone"))
        .hasMessageContaining("there is no storage 'stone'")
        .hasMessageContaining("found: file");
  }

  @Test
  void aWrongOptionIsNotSaidOfTheFile() throws IOException {
    refused(FIVE, Optional.of("pigeon"))
        .hasMessageContaining("there is no transport 'pigeon'")
        .hasMessageNotContaining("cluster.json");
  }

  @Test
  void aWrongSettingIsNamedWithTheFileThatItStandsIn() throws IOException {
    refused(with("raft.hartbeat", "50ms"))
        .hasMessageContaining("raft.hartbeat")
        .hasMessageContaining(directory.resolve("cluster.json").toString());
    refused(with("raft.heartbeat", "soon")).hasMessageContaining("raft.heartbeat");
    refused(with("raft.transport.tcp.buffer", "1")).hasMessageContaining("raft.transport.tcp.buf");
    refused(with("raft.storage.file.segment-bytes", "1")).hasMessageContaining("segment-bytes");
  }

  private static ClusterFile with(String key, String value) {
    return new ClusterFile(
        FIVE.cluster(),
        FIVE.nodes(),
        FIVE.transport(),
        FIVE.storage(),
        FIVE.initialLeader(),
        Map.of(key, value));
  }

  private AbstractThrowableAssert<?, ?> refused(ClusterFile file) throws IOException {
    return refused(file, Optional.empty());
  }

  private AbstractThrowableAssert<?, ?> refused(ClusterFile file, Optional<String> transport)
      throws IOException {
    Path written = directory.resolve("cluster.json");
    file.write(written);
    DemoOptions options =
        new DemoOptions(
            OptionalInt.empty(),
            Optional.empty(),
            Optional.empty(),
            false,
            false,
            Optional.of(written),
            transport,
            Optional.empty());
    Launch launch = new Launch(Path.of("bin", "chat"), false, false, false);
    return assertThatThrownBy(() -> new Demo(options, launch).run())
        .isInstanceOf(DemoException.class);
  }
}
