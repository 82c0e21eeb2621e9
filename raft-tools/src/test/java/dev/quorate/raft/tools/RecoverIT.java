package dev.quorate.raft.tools;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A quorum is lost for good: real processes are killed, the real {@code bin/raft} makes a cluster
 * of the one that is left, it serves, and an old member that comes back is no danger.
 */
@Timeout(300)
class RecoverIT {

  @TempDir Path directory;

  @Test
  void theOneThatIsLeftGoesOn() throws Exception {
    String nodes = Cluster.nodesOnFreePorts();
    Product product = new Product(directory);
    List<NodeProcess> running = new ArrayList<>();
    try {
      for (String id : Cluster.IDS) {
        running.add(NodeProcess.start(id, nodes, directory));
      }
      assertThat(running.get(1).ask("one")).isEqualTo("applied");
      assertThat(running.get(0).ask("read")).isEqualTo("one");
      running.forEach(NodeProcess::close);

      Product.Ended dry = product.raft("recover", "--force-new-cluster", "n1");
      assertThat(dry.exit()).as(dry.toString()).isZero();
      assertThat(dry.out()).contains("gives-up", "dry-run");
      Product.Ended done = product.raft("recover", "--force-new-cluster", "--yes", "n1");
      assertThat(done.exit()).as(done.toString()).isZero();

      NodeProcess left = NodeProcess.start("n1", nodes, directory);
      running.add(left);
      assertThat(left.ask("two")).as(left::errors).isEqualTo("applied");
      assertThat(left.ask("read")).isEqualTo("one two");
      String status = left.ask("status");
      assertThat(status).startsWith("LEADER ");

      NodeProcess old = NodeProcess.start("n2", nodes, directory);
      running.add(old);
      // It speaks to the node that it knows, which says once that it does not listen.
      assertThat(old.ask("from an old member")).startsWith("refused: ");
      assertThat(left.ask("three")).isEqualTo("applied");
      assertThat(left.ask("read")).isEqualTo("one two three");
      assertThat(left.ask("status")).as("nobody took the leadership away").isEqualTo(status);
      assertThat(left.errors()).contains("refused messages from n2 of cluster ");
    } finally {
      running.forEach(NodeProcess::close);
    }
  }
}
