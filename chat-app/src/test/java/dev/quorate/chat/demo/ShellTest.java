package dev.quorate.chat.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.chat.cluster.ClusterFile;
import dev.quorate.chat.demo.console.Console;
import dev.quorate.chat.demo.machine.Layout;
import dev.quorate.chat.demo.machine.Place;
import dev.quorate.chat.demo.process.NodeProcesses;
import dev.quorate.chat.demo.status.ClusterStatus;
import dev.quorate.chat.demo.status.NodeProbe;
import dev.quorate.chat.demo.status.NodeReport;
import dev.quorate.chat.proto.Outcome;
import dev.quorate.chat.proto.Result;
import dev.quorate.raft.api.Role;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The commands on machine 1 of two; {@code cat} stands in for nodes, which all answer. */
@Timeout(30)
class ShellTest {
  private final Layout layout =
      Layout.twoMachines(ClusterFile.ofFive("127.0.0.1"), 1, "10.0.0.1", "10.0.0.2");
  private final NodeProcesses processes =
      new NodeProcesses(node -> new ProcessBuilder("cat").start());
  private final ClusterStatus status =
      new ClusterStatus(
          layout.places(), AlwaysThere::new, processes::state, node -> Optional.empty());
  private final Deque<String> input = new ArrayDeque<>();
  private final List<String> output = new ArrayList<>();
  private Trial.Verdict verdict = new Trial.Verdict(true, "found");

  private Result readmitted = Result.newBuilder().setOutcome(Outcome.OUTCOME_OK).build();

  private record AlwaysThere(Place place) implements NodeProbe {
    @Override
    public CompletableFuture<NodeReport> ask(Duration deadline) {
      return CompletableFuture.completedFuture(
          new NodeReport(
              place.node(),
              "chat",
              true,
              place.node() == 4 ? NodeReport.Condition.NOT_A_MEMBER : NodeReport.Condition.WORKING,
              "",
              List.of(),
              place.node() == 2 ? Role.LEADER : Role.FOLLOWER,
              1,
              OptionalInt.of(2),
              1,
              1,
              5));
    }

    @Override
    public void close() {}
  }

  private final class Script implements Console {
    @Override
    public Optional<String> readCommand() {
      return Optional.ofNullable(input.poll());
    }

    @Override
    public boolean canAsk() {
      return false;
    }

    @Override
    public Optional<String> ask(String question) {
      throw new AssertionError(question);
    }

    @Override
    public void print(String line) {
      output.add(line);
    }

    @Override
    public void close() {}
  }

  @BeforeEach
  void startLocalNodes() throws Exception {
    processes.start(1);
    processes.start(2);
  }

  @AfterEach
  void end() {
    processes.close();
    status.close();
  }

  private Shell run(boolean failLeader, String... commands) throws Exception {
    input.addAll(List.of(commands));
    Shell shell =
        new Shell(
            layout, failLeader, processes, status, () -> verdict, node -> readmitted, new Script());
    shell.run();
    return shell;
  }

  @Test
  void stopsAndStartsALocalNode() throws Exception {
    run(false, "fail 1", "fail 1", "start 1", "start 1");
    assertThat(output.subList(0, 2)).containsExactly("node 1 is stopped", "node 1 is not running");
    assertThat(output.get(2)).matches("node 1 is online after \\d\\.\\d s");
    assertThat(output.get(3)).isEqualTo("node 1 is running already");
  }

  @Test
  void leavesTheOtherMachinesNodesAlone() throws Exception {
    run(true, "fail 3", "start 3");
    assertThat(output).containsOnly("node 3 runs on the other machine, at 10.0.0.2; type it there");
  }

  @Test
  void stopsTheInitialLeaderOnlyIfAllowed() throws Exception {
    run(false, "kill 2");
    assertThat(output)
        .containsExactly(
            "node 2 is the initial leader; only a demo with --fail-leader may stop it");
    assertThat(processes.state(2)).isInstanceOf(NodeProcesses.State.Running.class);
    run(true, "kill 2");
    assertThat(output).endsWith("node 2 is stopped");
  }

  @Test
  void remembersThatATestFailed() throws Exception {
    assertThat(run(false, "test", "exit", "status").testFailed()).isFalse();
    assertThat(output.get(0)).matches("PASS in \\d\\.\\d s: found");
    input.clear();
    verdict = new Trial.Verdict(false, "the message is not there");
    assertThat(run(false, "test", "help").testFailed()).isTrue();
    assertThat(output.get(1)).matches("FAIL after \\d\\.\\d s: the message is not there");
  }

  @Test
  void saysWhatBecameOfAReadmission() throws Exception {
    run(false, "readmit 4", "readmit 3");
    readmitted =
        Result.newBuilder()
            .setOutcome(Outcome.OUTCOME_INVALID)
            .setMessage("node 4 does not wait")
            .build();
    run(false, "readmit 4");
    assertThat(output.get(0)).matches("node 4 is a member again after \\d\\.\\d s");
    assertThat(output.subList(1, 3))
        .containsExactly(
            "node 3 does not wait to be readmitted; see 'status'",
            "node 4 is not readmitted: node 4 does not wait");
  }

  @Test
  void doesNothingAfterExit() throws Exception {
    run(false, "", "exit", "status");
    assertThat(output).isEmpty();
    assertThat(input).containsExactly("status");
  }
}
