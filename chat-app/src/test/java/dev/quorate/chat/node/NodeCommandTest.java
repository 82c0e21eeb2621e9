package dev.quorate.chat.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.chat.cluster.ClusterFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class NodeCommandTest {

  @TempDir private Path directory;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void theHelpNamesEveryOption() {
    assertThat(run("--help")).isZero();
    assertThat(out.toString())
        .contains("--id", "--cluster", "--data", "--log", "--parent-pipe", "Exit codes");
  }

  @Test
  void wrongUsageIsTwoAndSaysWhatIsWrong() {
    assertThat(run()).isEqualTo(2);
    assertThat(err.toString()).contains("--id");
    assertThat(run("--id", "9")).isEqualTo(2);
    assertThat(err.toString()).contains("no node 9", "1, 2, 3, 4, 5");
  }

  @Test
  void aWrongClusterFileIsTwoAndNamesTheKey() throws IOException {
    Path file = directory.resolve("cluster.json");
    ClusterFile.ofFive("127.0.0.1").write(file);
    Files.writeString(file, Files.readString(file).replace("initialLeader", "firstLeader"));

    assertThat(run("--id", "1", "--cluster", file.toString())).isEqualTo(2);
    assertThat(err.toString()).contains(file.toString(), "unknown key 'firstLeader'");
  }

  @Test
  void aWrongSettingIsTwoAndNamedWithTheFileThatItStandsIn() throws IOException {
    Path file = directory.resolve("cluster.json");
    ClusterFile.ofFive("127.0.0.1").withPlugins("pigeon", "file").write(file);

    assertThat(
            run(
                "--id",
                "1",
                "--cluster",
                file.toString(),
                "--data",
                directory.resolve("data").toString(),
                "--log",
                directory.resolve("node.log").toString()))
        .isEqualTo(2);
    assertThat(err.toString()).contains(file.toString(), "there is no transport 'pigeon'");
  }

  private int run(String... args) {
    return new CommandLine(new NodeCommand())
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(args);
  }
}
