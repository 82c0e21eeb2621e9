package dev.quorate.raft.tools;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The real {@code bin/raft} over the packaged jars on the module path. */
@Timeout(180)
class PackagedToolIT {

  @TempDir Path directory;

  private Product.Ended raft(String... arguments) throws IOException, InterruptedException {
    return new Product(directory).raft(arguments);
  }

  @Test
  void looksIntoWhatNodesLeave() throws Exception {
    try (Cluster cluster = Cluster.start(directory)) {
      cluster.submit("n3", "grüße");
    }

    Product.Ended dump = raft("dump", "--payload", "n2");
    assertThat(dump.exit()).as(dump.errors()).isZero();
    assertThat(dump.out()).contains("cluster=tools-test node=n2", "text=grüße", "voters=n1@");
    Product.Ended verify = raft("verify", "n2");
    assertThat(verify.exit()).as(verify.errors()).isZero();
    assertThat(verify.out()).isEqualTo("sound          group=default\n");

    Tree.flip(directory.resolve("n2/group-default/0000000001.wal"), 200);
    assertThat(raft("verify", "n2"))
        .returns(1, Product.Ended::exit)
        .extracting(Product.Ended::out)
        .asString()
        .contains("0000000001.wal, offset ");
    assertThat(raft("verify", "n4").exit()).isEqualTo(3);
  }

  @Test
  void saysHowItIsUsed() throws Exception {
    assertThat(raft("--help").out()).contains("dump", "verify", "recover", "Exit codes: 0");
    assertThat(raft("--version").out()).startsWith("Quorate raft 0.");
    assertThat(raft("verify").exit()).isEqualTo(2);
    assertThat(raft().errors()).contains("a command is missing");
  }
}
