package dev.quorate.raft.tools.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.raft.tools.Cluster;
import dev.quorate.raft.tools.Tree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A snapshot of a real cluster becomes another real cluster. */
class BackupRestoreTest {

  @TempDir Path directory;

  private Path n1;
  private Path file;

  @BeforeEach
  void runACluster() throws IOException {
    file = directory.resolve("backup.snap");
    try (Cluster cluster = Cluster.start(directory.resolve("old"))) {
      cluster.submit("n1", "one");
      cluster.submit("n1", "two");
      cluster.read("n1");
      cluster.snapshot("n1");
      cluster.submit("n1", "behind the backup");
      n1 = cluster.directory("n1");
    }
  }

  private Run restore(Path to, String nodes) {
    return Run.of("restore", "--cluster", Cluster.NAME, "--nodes", nodes, file, to);
  }

  @Test
  void aNewClusterGoesOnFromTheBackup() throws IOException {
    Map<String, String> before = Tree.bytes(n1);
    Run backup = Run.of("backup", n1, file);
    assertThat(backup.exit()).as(backup.toString()).isZero();
    assertThat(backup.said("backup")).singleElement().asString().contains("group=default index=");
    assertThat(backup.said("note")).singleElement().asString().contains("not-in-it=");
    assertThat(Tree.bytes(n1)).isEqualTo(before);

    String nodes = Cluster.nodesOnFreePorts();
    Path restored = directory.resolve("new");
    Run run = restore(restored, nodes);

    assertThat(run.exit()).as(run.toString()).isZero();
    assertThat(run.said("restored")).singleElement().asString().contains("voters=n1@127.0.0.1:");
    for (String id : Cluster.IDS) {
      assertThat(Run.of("verify", restored.resolve(id)).exit()).isZero();
    }
    try (Cluster cluster = Cluster.over(restored, nodes)) {
      cluster.submit("n2", "three");
      for (String id : Cluster.IDS) {
        assertThat(cluster.read(id)).isEqualTo("one\ntwo\nthree\n");
      }
      assertThat(cluster.node("n1").status().clusterId())
          .as("no node of the old cluster is heard")
          .isNotEqualTo(clusterId(n1));
    }
    for (String id : Cluster.IDS) {
      assertThat(Run.of("verify", restored.resolve(id)).exit()).isZero();
    }
  }

  private static String clusterId(Path node) {
    return Run.of("dump", node)
        .said("in-snapshot")
        .get(0)
        .replaceFirst(".*cluster-id=([0-9a-f]+).*", "$1");
  }

  @Test
  void nothingIsReplaced() throws IOException {
    Files.writeString(file, "something else");
    assertThat(Run.of("backup", n1, file))
        .returns(ExitCode.CANNOT_READ, Run::exit)
        .extracting(Run::errors)
        .asString()
        .contains("is there already");
    assertThat(file).hasContent("something else");

    Files.delete(file);
    Run.of("backup", n1, file);
    assertThat(restore(directory.resolve("old"), "n1=h:1"))
        .returns(ExitCode.CANNOT_READ, Run::exit);
  }

  @Test
  void aDamagedBackupIsNotRestored() throws IOException {
    Run.of("backup", n1, file);
    Tree.flip(file, Files.size(file) - 80);
    Path restored = directory.resolve("new");

    Run run = restore(restored, "n1=localhost:7001");

    assertThat(run.exit()).isEqualTo(ExitCode.DAMAGED);
    assertThat(run.errors()).contains(file + ", offset ");
    assertThat(restored).doesNotExist();
  }

  @Test
  void saysWhatIsWrongWithTheCommand() {
    Run.of("backup", n1, file);
    assertThat(restore(directory.resolve("new"), "n1=nowhere").exit()).isEqualTo(ExitCode.USAGE);
    assertThat(Run.of("backup", "--group", "other", n1, file).errors())
        .contains("there is no group 'other'");
    assertThat(Run.of("backup", directory.resolve("old/n2"), directory.resolve("n2.snap")).errors())
        .contains("group default has no whole snapshot");
  }
}
