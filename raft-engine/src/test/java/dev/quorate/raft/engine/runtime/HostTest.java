package dev.quorate.raft.engine.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.RaftNode;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whatever fails at the start or the end, nothing stays open and the end comes. */
@Timeout(60)
class HostTest {

  private final MemoryDisk disk = new MemoryDisk();
  private final BrokenTransport transport = new BrokenTransport();

  private LocalNode start() throws IOException {
    return LocalNode.start(
        BrokenTransport.options(NodeId.of("n1"), transport, disk), new ManualEnvironment(1));
  }

  @Test
  void anErrorOfTheTransportLeavesTheStorageClosed() {
    transport.onCreate = new AssertionError("told to");
    assertThatThrownBy(this::start).isSameAs(transport.onCreate);
    assertThat(disk.isOpen()).isFalse();
  }

  @Test
  void aTransportThatDoesNotCloseLeavesTheStorageClosed() {
    transport.onStart = new IllegalStateException("not started");
    transport.onClose = new IllegalStateException("not closed");
    assertThatThrownBy(this::start).isInstanceOf(IllegalStateException.class);
    assertThat(disk.isOpen()).isFalse();
  }

  @Test
  void closingEndsAlthoughWhatIsClosedThrows() throws Exception {
    transport.onClose = new IllegalStateException("not closed");
    TestCluster cluster = new TestCluster(1);
    cluster.disk(1).failClose(new IllegalStateException("not closed"));
    RaftNode node = cluster.builder(1).transport(transport).start();
    node.closeAsync().get(20, TimeUnit.SECONDS);
    assertThat(cluster.disk(1).isOpen()).isFalse();
  }
}
