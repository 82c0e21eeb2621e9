package dev.quorate.raft.engine.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.raft.api.Address;
import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.NodeStatus;
import dev.quorate.raft.api.Outcome;
import dev.quorate.raft.api.Role;
import dev.quorate.raft.api.config.Settings;
import dev.quorate.raft.engine.formation.ListedNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** The whole node on one thread in virtual time: what happens is decided by the seed alone. */
class VirtualTimeTest {

  private static List<String> run(long seed) throws IOException {
    ManualEnvironment environment = new ManualEnvironment(seed);
    MemoryNetwork network = new MemoryNetwork();
    List<ListedNode> listed = new ArrayList<>();
    for (int i = 1; i <= 3; i++) {
      listed.add(new ListedNode(NodeId.of("n" + i), new Address("host" + i, 7000)));
    }
    List<String> trace = new ArrayList<>();
    List<LocalNode> nodes = new ArrayList<>();
    for (ListedNode node : listed) {
      nodes.add(
          LocalNode.start(
              new NodeOptions(
                  node.id(),
                  "virtual",
                  listed,
                  node.address(),
                  new Register(),
                  Path.of("nowhere"),
                  node.address(),
                  "a test",
                  network,
                  new MemoryDisk(),
                  Settings.empty(),
                  (metric, value) -> trace.add(metric.key() + " " + value)),
              environment));
    }
    List<CompletableFuture<Outcome>> calls = new ArrayList<>();
    for (int step = 0; step < 60; step++) {
      LocalNode node = nodes.get(step % 3);
      calls.add(node.submit(Register.bytes("w" + step), Duration.ofSeconds(30)));
      environment.advance(50);
      if (step == 30) {
        nodes.stream()
            .filter(one -> one.status().role() == Role.LEADER)
            .findFirst()
            .ifPresent(leader -> network.cutOff(leader.id()));
      }
      nodes.forEach(one -> trace.add(show(one.status())));
    }
    listed.forEach(node -> network.heal(node.id()));
    environment.advance(40_000);
    nodes.forEach(one -> trace.add(show(one.status())));
    assertThat(calls).allMatch(CompletableFuture::isDone);
    calls.forEach(call -> trace.add(call.join().getClass().getSimpleName()));
    assertThat(trace).contains("Applied", "raft.elections.won 1");
    nodes.forEach(one -> one.recentEvents().forEach(event -> trace.add(event.toString())));
    nodes.forEach(LocalNode::closeAsync);
    environment.advance(610);
    nodes.forEach(node -> assertThat(node.closeAsync()).isCompleted());
    return trace;
  }

  private static String show(NodeStatus status) {
    return status.node()
        + " "
        + status.clusterId()
        + " "
        + status.condition()
        + " "
        + status.role()
        + " "
        + status.term()
        + " "
        + status.commitIndex()
        + " "
        + status.appliedIndex();
  }

  @Test
  void aSeedAlwaysGivesTheSameRun() throws IOException {
    assertThat(run(7)).isEqualTo(run(7));
  }

  @Test
  void anotherSeedGivesAnotherRun() throws IOException {
    assertThat(run(8)).isNotEqualTo(run(7_000));
  }
}
