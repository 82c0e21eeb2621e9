package dev.quorate.chat.demo.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@code cat} stands in for a node: it, too, ends when its standard input does. */
@Timeout(30)
class NodeProcessesTest {
  private final List<Process> launched = new ArrayList<>();

  @AfterEach
  void endWhatWasStarted() throws InterruptedException {
    for (Process process : launched) {
      process.destroyForcibly().waitFor();
    }
  }

  private NodeProcesses running(String... command) {
    return new NodeProcesses(
        node -> {
          Process process = new ProcessBuilder(command).start();
          launched.add(process);
          return process;
        });
  }

  @Test
  void aStoppedNodeIsNoFailedNode() throws Exception {
    try (NodeProcesses processes = running("cat")) {
      assertThat(processes.state(1)).isInstanceOf(NodeProcesses.State.Stopped.class);
      processes.start(1);
      assertThat(processes.state(1)).isInstanceOf(NodeProcesses.State.Running.class);
      processes.kill(1);
      assertThat(processes.state(1)).isInstanceOf(NodeProcesses.State.Stopped.class);
      assertThat(launched.get(0).isAlive()).isFalse();
      processes.start(1);
      assertThat(processes.state(1)).isInstanceOf(NodeProcesses.State.Running.class);
    }
  }

  @Test
  void aNodeThatEndsByItselfIsAFailedNode() throws Exception {
    try (NodeProcesses processes = running("sh", "-c", "exit 7")) {
      processes.start(1);
      launched.get(0).waitFor();
      assertThat(processes.state(1)).isEqualTo(new NodeProcesses.State.Ended(7));
    }
  }

  @Test
  void nothingIsStartedTwice() throws Exception {
    try (NodeProcesses processes = running("cat")) {
      processes.start(1);
      assertThatThrownBy(() -> processes.start(1))
          .isInstanceOf(IOException.class)
          .hasMessage("node 1 is running already");
      assertThat(launched).hasSize(1);
    }
  }

  @Test
  void closingBreaksThePipesAndWaits() throws Exception {
    NodeProcesses processes = running("cat");
    processes.start(1);
    processes.start(2);
    processes.close();
    assertThat(launched).noneMatch(Process::isAlive);
    assertThat(launched).extracting(Process::exitValue).containsOnly(0);
    assertThatThrownBy(() -> processes.start(1)).hasMessage("the demo is ending");
  }

  @Test
  void closingKillsWhatDoesNotEnd() throws Exception {
    NodeProcesses processes = running("sleep", "600");
    processes.start(1);
    processes.close();
    assertThat(launched.get(0).waitFor(0, TimeUnit.SECONDS)).isTrue();
  }
}
