package dev.quorate.raft.engine.runtime;

import static dev.quorate.raft.engine.runtime.Register.bytes;
import static dev.quorate.raft.engine.runtime.TestCluster.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.Outcome;
import dev.quorate.raft.api.RaftNode;
import dev.quorate.raft.engine.Raft;
import dev.quorate.raft.engine.RaftHost;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Groups that rest have no timer of their own: what becomes of them when their leader's host dies.
 */
@Timeout(120)
class HostLossTest {

  private static final NodeId LOST = NodeId.of("n1");
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  /** More than a host stands for election in at a time. */
  private static final int GROUPS = 2 * Candidacies.MOST;

  /** Far more than come between two heartbeats of a group that does not rest. */
  private static final int FRAMES_AT_REST = 100;

  private final MemoryNetwork network = new MemoryNetwork();
  private final List<RaftHost> hosts = new ArrayList<>();

  @AfterEach
  void closeHosts() {
    List<CompletableFuture<Void>> ends = hosts.stream().map(RaftHost::closeAsync).toList();
    ends.forEach(CompletableFuture::join);
  }

  private RaftNode node(int host, int group) {
    return hosts.get(host).groups().get("g" + group);
  }

  private void start(String id) throws IOException {
    RaftHost host =
        Raft.host(id)
            .cluster("test", "n1=host1:7001,n2=host2:7002,n3=host3:7003")
            .dataDirectory(Path.of("nowhere"))
            .setting("raft.quiet-after", "200ms")
            .setting("raft.heartbeat", "50ms")
            .setting("raft.election-timeout.min", "1s")
            .setting("raft.election-timeout.max", "2s")
            .transport(network)
            .storage(new MemoryDisk())
            .start();
    hosts.add(host);
    for (int i = 0; i < GROUPS; i++) {
      host.group("g" + i).stateMachine(new Register()).start();
    }
  }

  private boolean isLedByTheOneThatIsGoingToBeLost(int group) {
    return node(0, group).status().leader().equals(Optional.of(LOST));
  }

  /** All groups are led by one host, as far as this machine lets it, and rest. */
  private void rest() {
    for (int i = 0; i < GROUPS; i++) {
      int group = i;
      until("a leader", () -> node(0, group).status().leader().isPresent());
      if (!isLedByTheOneThatIsGoingToBeLost(group)) {
        int leader = node(0, group).status().leader().orElseThrow().equals(NodeId.of("n2")) ? 1 : 2;
        node(leader, group).transferLeadership(LOST, PATIENCE).join();
      }
      node(0, group).submitOrThrow(bytes("before"));
    }
    until("rest", () -> network.framesOfHostsAlone() > FRAMES_AT_REST);
  }

  private static boolean serves(RaftNode node) {
    return node.submit(bytes("after"), PATIENCE).join() instanceof Outcome.Applied;
  }

  @Test
  void allGroupsOfALostHostHaveALeaderAgainAndServe() throws IOException {
    for (String id : List.of("n1", "n2", "n3")) {
      start(id);
    }
    rest();
    long led = IntStream.range(0, GROUPS).filter(this::isLedByTheOneThatIsGoingToBeLost).count();
    assertThat(led).as("groups that lose their leader").isGreaterThan(GROUPS / 2);
    network.cutOff(LOST);
    for (int i = 0; i < GROUPS; i++) {
      int group = i;
      until(
          "a leader among the rest in g" + i,
          () ->
              node(1, group).status().leader().filter(leader -> !leader.equals(LOST)).isPresent());
      until("service in g" + i, () -> serves(node(1, group)));
      assertThat(Register.text(node(1, i).read(bytes("")).join().value()))
          .startsWith("before ")
          .contains("after ");
    }
    // It comes back as it was, and is no leader any more.
    network.heal(LOST);
    for (int i = 0; i < GROUPS; i++) {
      int group = i;
      until(
          "the new leader in g" + i,
          () -> node(0, group).status().leader().filter(l -> !l.equals(LOST)).isPresent());
    }
  }
}
