package dev.quorate.raft.tools.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.raft.api.Address;
import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.storage.LogEntry;
import dev.quorate.raft.api.storage.WriteRecord;
import dev.quorate.raft.engine.codec.ConfigurationCodec;
import dev.quorate.raft.engine.message.ClusterId;
import dev.quorate.raft.engine.message.Configuration;
import dev.quorate.raft.engine.message.Member;
import dev.quorate.raft.tools.Cluster;
import dev.quorate.raft.tools.Log;
import dev.quorate.raft.tools.Tree;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code raft recover} on the directory of a node whose peers are gone. */
class RecoverCommandTest {

  @TempDir Path nodes;

  private Cluster cluster;
  private Path n1;

  @BeforeEach
  void loseTwoOfThree() throws IOException {
    cluster = Cluster.start(nodes);
    cluster.submit("n1", "before");
    cluster.read("n1");
    Cluster.IDS.forEach(cluster::stop);
    n1 = cluster.directory("n1");
  }

  @AfterEach
  void closeAll() {
    cluster.close();
  }

  private static String inEffect(Path directory) {
    return Run.of("dump", directory).said("configuration").stream()
        .filter(line -> line.contains("in-effect=true"))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aDryRunSaysWhatMayBeLostAndChangesNothing() throws IOException {
    Map<String, String> before = Tree.bytes(nodes);

    Run run = Run.of("recover", "--force-new-cluster", n1);

    assertThat(run.exit()).as(run.toString()).isZero();
    assertThat(run.said("now")).singleElement().asString().contains("voters=n1@", ",n3@");
    assertThat(run.said("keeps")).singleElement().asString().contains("certainly-committed=0");
    assertThat(run.said("gives-up")).singleElement().asString().contains("members=n2@", ",n3@");
    assertThat(run.said("dry-run")).hasSize(1);
    assertThat(run.said("done")).isEmpty();
    assertThat(Tree.bytes(nodes)).isEqualTo(before);
  }

  @Test
  void theNodeServesAloneAndOldMembersDoNotMatter() throws IOException {
    Map<String, String> before = Tree.bytes(n1);
    String old = inEffect(n1);

    Run run = Run.of("recover", "--force-new-cluster", "--yes", n1);

    assertThat(run.exit()).as(run.toString()).isZero();
    assertThat(run.said("done")).singleElement().asString().contains("cluster-id=", "voters=n1@");
    assertThat(Tree.bytes(nodes.resolve("n1.before-recovery"))).isEqualTo(before);
    assertThat(Run.of("verify", n1).lines()).containsExactly("sound          group=default");
    assertThat(inEffect(n1)).doesNotContain("n2@", clusterId(old)).contains("voters=n1@");

    cluster.start("n1");
    cluster.submit("n1", "after");
    assertThat(cluster.read("n1")).isEqualTo("before\nafter\n");
    long term = cluster.node("n1").status().term();
    cluster.start("n2");
    for (int i = 0; i < 50; i++) {
      cluster.submit("n1", "with an old member around");
    }
    assertThat(cluster.node("n1").status().term()).isEqualTo(term);
    assertThat(cluster.node("n2").status().appliedIndex())
        .as("an old member gets nothing of the new cluster")
        .isLessThan(cluster.node("n1").status().appliedIndex() - 50);
  }

  @Test
  void theClusterGrowsAgainByWipedNodes() throws IOException {
    Run.of("recover", "--force-new-cluster", "--yes", n1);
    cluster.start("n1");
    try (Stream<Path> all = Files.walk(cluster.directory("n2"))) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }

    cluster.join("n2");
    cluster.letIn("n1", "n2");

    cluster.submit("n2", "after");
    assertThat(cluster.read("n2")).isEqualTo("before\nafter\n");
    cluster.stop("n2");
    cluster.start("n2");
    cluster.submit("n2", "again");
    assertThat(cluster.node("n2").status().clusterId())
        .isEqualTo(cluster.node("n1").status().clusterId());
  }

  private static String clusterId(String configuration) {
    return configuration.replaceFirst(".*(cluster-id=[0-9a-f]+).*", "$1");
  }

  @Test
  void givenAgainItHasNothingToDo() throws IOException {
    Run.of("recover", "--force-new-cluster", "--yes", n1);
    Map<String, String> before = Tree.bytes(n1);

    Run run = Run.of("recover", "--force-new-cluster", "--yes", n1);

    assertThat(run.exit()).as(run.toString()).isZero();
    assertThat(run.said("nothing-to-do")).hasSize(1);
    assertThat(run.said("done")).isEmpty();
    assertThat(Tree.bytes(n1)).isEqualTo(before);
  }

  @Test
  void aCrashLeavesTheOldLogOrTheNewOne() throws IOException {
    String old = inEffect(n1);
    Path last = lastSegment();
    byte[] before = Files.readAllBytes(last);
    byte[] watermark = Files.readAllBytes(n1.resolve("group-default/watermark"));
    Run.of("recover", "--force-new-cluster", "--yes", n1);
    assertThat(lastSegment()).as("this test expects that the segment goes on").isEqualTo(last);
    byte[] after = Files.readAllBytes(last);
    String recovered = inEffect(n1);
    int start = Arrays.mismatch(before, after);
    int end = after.length;
    while (after[end - 1] == 0) {
      end--;
    }
    // Until the force has come back the watermark says what it said before.
    Files.write(n1.resolve("group-default/watermark"), watermark);
    for (int written = start; written <= end; written++) {
      byte[] torn = before.clone();
      System.arraycopy(after, start, torn, start, written - start);
      Files.write(last, torn);

      assertThat(Run.of("verify", n1).exit()).isZero();
      assertThat(inEffect(n1)).isEqualTo(written < end ? old : recovered);
    }
  }

  private Path lastSegment() throws IOException {
    try (Stream<Path> all = Files.list(n1.resolve("group-default"))) {
      List<Path> segments = all.filter(file -> file.toString().endsWith(".wal")).sorted().toList();
      return segments.get(segments.size() - 1);
    }
  }

  @Test
  void aLogThatWasCompactedTakesItsMembersFromTheSnapshot() throws IOException {
    Cluster.IDS.forEach(this::start);
    cluster.submit("n1", "more " + "x".repeat(500));
    cluster.snapshot("n1");
    for (int i = 0; i < 20; i++) {
      cluster.submit("n1", "more " + i + "x".repeat(500));
    }
    String lines = cluster.read("n1");
    cluster.snapshot("n1");
    Cluster.IDS.forEach(cluster::stop);

    Run run = Run.of("recover", "--force-new-cluster", "--yes", n1);

    assertThat(run.exit()).as(run.toString()).isZero();
    assertThat(run.said("keeps").get(0)).doesNotContain("certainly-committed=0 ");
    cluster.start("n1");
    cluster.submit("n1", "after");
    assertThat(cluster.read("n1")).isEqualTo(lines + "after\n");
    cluster.snapshot("n1");
    cluster.stop("n1");
    assertThat(Run.of("verify", n1).exit()).isZero();
    assertThat(Run.of("dump", n1).said("in-snapshot")).last().asString().contains("voters=n1@");
  }

  private void start(String id) {
    try {
      cluster.start(id);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void whatIsDamagedIsNotRecovered() throws IOException {
    Tree.flip(n1.resolve("group-default/0000000001.wal"), 150);
    Map<String, String> before = Tree.bytes(nodes);

    Run run = Run.of("recover", "--force-new-cluster", "--yes", n1);

    assertThat(run.exit()).isEqualTo(ExitCode.DAMAGED);
    assertThat(run.said("damage")).isNotEmpty();
    assertThat(Tree.bytes(nodes)).isEqualTo(before);
  }

  @Test
  void aBackupIsNotReplaced() throws IOException {
    Path copy = Files.createDirectory(nodes.resolve("copy"));
    Map<String, String> before = Tree.bytes(n1);

    Run run = Run.of("recover", "--force-new-cluster", "--yes", "--backup", copy, n1);

    assertThat(run.exit()).isEqualTo(ExitCode.CANNOT_READ);
    assertThat(run.errors()).contains("copy is there already");
    assertThat(Tree.bytes(n1)).isEqualTo(before);
  }

  @Test
  void refusesWhatWouldNotHelp() throws IOException {
    assertThat(Run.of("recover", n1).exit()).isEqualTo(ExitCode.USAGE);

    Path stranger = nodes.resolve("stranger");
    Member other = new Member(NodeId.of("n1"), 99, new Address("localhost", 7001));
    Configuration configuration = Configuration.ofVoters(new ClusterId(1, 2), List.of(other));
    try (Log log = Log.open(stranger)) {
      log.write(
              new WriteRecord.Append(
                  List.of(
                      LogEntry.of(
                          LogEntry.Type.CONFIGURATION,
                          1,
                          0,
                          0,
                          0,
                          ConfigurationCodec.encode(configuration)))))
          .force();
    }
    assertThat(Run.of("recover", "--force-new-cluster", "--yes", stranger))
        .returns(ExitCode.USAGE, Run::exit)
        .extracting(Run::errors)
        .asString()
        .contains("does not know this disk of node n1");

    Path empty = nodes.resolve("empty");
    Log.open(empty).close();
    assertThat(Run.of("recover", "--force-new-cluster", "--yes", empty))
        .returns(ExitCode.USAGE, Run::exit)
        .extracting(Run::errors)
        .asString()
        .contains("has no log");

    cluster.start("n1");
    assertThat(Run.of("recover", "--force-new-cluster", "--yes", n1))
        .returns(ExitCode.CANNOT_READ, Run::exit)
        .extracting(Run::errors)
        .asString()
        .contains("is in use by");
  }
}
