package dev.quorate.raft.tools.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.raft.api.RaftNode;
import dev.quorate.raft.engine.Raft;
import dev.quorate.raft.engine.RaftHost;
import dev.quorate.raft.tools.Cluster;
import dev.quorate.raft.tools.Journal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The groups of a host become those of a cluster of hosts. */
@Timeout(180)
class RestoredGroupsTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir Path directory;

  private Path orders;
  private Path prices;

  private static RaftNode start(RaftHost host, String group) throws IOException {
    return host.group(group).stateMachine(new Journal()).start();
  }

  private static RaftHost open(String id, String nodes, Path data) throws IOException {
    return Raft.host(id).cluster("shop", nodes).dataDirectory(data).start();
  }

  private static void submit(RaftNode node, String line) {
    node.submit(line.getBytes(StandardCharsets.UTF_8), PATIENCE).join().resultOrThrow();
  }

  private static String read(RaftNode node) {
    return new String(node.read(new byte[0], PATIENCE).join().value(), StandardCharsets.UTF_8);
  }

  @BeforeEach
  void backUpTwoGroups() throws IOException {
    Path old = directory.resolve("old");
    String alone = Cluster.nodesOnFreePorts().split(",")[0];
    try (RaftHost host = open("n1", alone, old)) {
      for (String group : List.of("orders", "prices")) {
        RaftNode node = start(host, group);
        submit(node, "one of " + group);
        node.takeSnapshot(PATIENCE).join();
      }
    }
    orders = backup(old, "orders");
    prices = backup(old, "prices");
  }

  private Path backup(Path old, String group) {
    Path file = directory.resolve(group + ".snap");
    Run run = Run.of("backup", "--group", group, old, file);
    assertThat(run.exit()).as(run.toString()).isZero();
    return file;
  }

  @Test
  void oneCommandMakesTheDirectoriesOfAllGroups() throws IOException {
    Path restored = directory.resolve("restored");
    String nodes = Cluster.nodesOnFreePorts();

    Run run = Run.of("restore", "--cluster", "shop", "--nodes", nodes, orders, prices, restored);

    assertThat(run.exit()).as(run.toString()).isZero();
    assertThat(run.said("restored"))
        .hasSize(2)
        .anyMatch(line -> line.contains("group=orders"))
        .anyMatch(line -> line.contains("group=prices"));
    List<RaftHost> hosts = new ArrayList<>();
    try {
      for (String id : Cluster.IDS) {
        assertThat(Run.of("verify", restored.resolve(id)).exit()).isZero();
        hosts.add(open(id, nodes, restored.resolve(id)));
        start(hosts.get(hosts.size() - 1), "orders");
        start(hosts.get(hosts.size() - 1), "prices");
      }
      submit(hosts.get(1).groups().get("orders"), "two of orders");
      for (RaftHost host : hosts) {
        assertThat(read(host.groups().get("orders"))).isEqualTo("one of orders\ntwo of orders\n");
        assertThat(read(host.groups().get("prices"))).isEqualTo("one of prices\n");
      }
    } finally {
      hosts.forEach(RaftHost::closeAsync);
      hosts.forEach(RaftHost::close);
    }
  }

  @Test
  void twoBackupsOfOneGroupAreRefused() {
    Path restored = directory.resolve("restored");
    Run run =
        Run.of(
            "restore", "--cluster", "shop", "--nodes", "n1=h:1", orders, prices, orders, restored);
    assertThat(run.exit()).isEqualTo(ExitCode.USAGE);
    assertThat(run.errors()).contains("two backups of group 'orders'");
    assertThat(restored).doesNotExist();
  }

  @Test
  void aDirectoryAloneIsNoBackup() {
    Run run = Run.of("restore", "--cluster", "shop", "--nodes", "n1=h:1", orders);
    assertThat(run.exit()).isEqualTo(ExitCode.USAGE);
  }
}
