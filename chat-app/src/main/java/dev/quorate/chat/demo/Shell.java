package dev.quorate.chat.demo;

import dev.quorate.chat.demo.console.Console;
import dev.quorate.chat.demo.console.Console.InterruptedByUserException;
import dev.quorate.chat.demo.machine.Layout;
import dev.quorate.chat.demo.machine.Place;
import dev.quorate.chat.demo.process.NodeProcesses;
import dev.quorate.chat.demo.status.ClusterStatus;
import dev.quorate.chat.demo.status.NodeReport;
import dev.quorate.chat.demo.status.NodeState;
import dev.quorate.chat.demo.status.NodeView;
import dev.quorate.chat.demo.status.StatusTable;
import dev.quorate.chat.proto.Outcome;
import dev.quorate.chat.proto.Result;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Answers the commands, one after the other, until there are no more. */
final class Shell {
  /** How long {@code start} waits for the node's first answer. */
  private static final Duration START = Duration.ofSeconds(10);

  private static final long LOOK_EVERY_MILLIS = 50;

  /** When {@code test} begins to ask itself why it takes so long; it is to say so within 5 s. */
  private static final Duration FIRST_LOOK = Duration.ofMillis(3500);

  private static final List<String> HELP =
      List.of(
          "status       shows all nodes: state, addresses, role, term, commit and applied index",
          "test         sends a message from alice to bob and looks for it: PASS or FAIL, and why",
          "fail <id>    stops the process of a node of this machine hard (also: kill <id>)",
          "start <id>   starts a stopped node of this machine again, on its data",
          "readmit <id> lets a node whose disk was wiped take its place in the cluster again",
          "help         shows this list",
          "exit         ends the demo and its nodes (also: Ctrl-C, Ctrl-D)");

  private final Layout layout;
  private final boolean failLeader;
  private final NodeProcesses processes;
  private final ClusterStatus status;
  private final Trial trial;
  private final Members members;
  private final Console console;

  private boolean testFailed;

  Shell(
      Layout layout,
      boolean failLeader,
      NodeProcesses processes,
      ClusterStatus status,
      Trial trial,
      Members members,
      Console console) {
    this.layout = layout;
    this.failLeader = failLeader;
    this.processes = processes;
    this.status = status;
    this.trial = trial;
    this.members = members;
    this.console = console;
  }

  /** Reads and answers until {@code exit} or the end of the input. */
  void run() throws IOException, InterruptedException, InterruptedByUserException {
    while (true) {
      Optional<String> line = console.readCommand();
      if (line.isEmpty()) {
        return;
      }
      PromptCommand command = PromptCommand.parse(line.get(), layout.numbers());
      if (command instanceof PromptCommand.Exit) {
        return;
      }
      answer(command);
    }
  }

  /** Whether any {@code test} has failed so far. */
  boolean testFailed() {
    return testFailed;
  }

  private void answer(PromptCommand command) throws InterruptedException {
    if (command instanceof PromptCommand.Status) {
      console.print(StatusTable.render(status.look()));
    } else if (command instanceof PromptCommand.Test) {
      test();
    } else if (command instanceof PromptCommand.Fail fail) {
      fail(fail.node());
    } else if (command instanceof PromptCommand.Start start) {
      start(start.node());
    } else if (command instanceof PromptCommand.Readmit readmit) {
      readmit(readmit.node());
    } else if (command instanceof PromptCommand.Help) {
      console.print(HELP);
    } else if (command instanceof PromptCommand.Invalid invalid) {
      console.print(invalid.message());
    }
  }

  private void test() throws InterruptedException {
    long begin = System.nanoTime();
    Trial.Verdict verdict =
        new WatchedTrial(trial, () -> status.look().trouble(), FIRST_LOOK).run();
    testFailed |= !verdict.passed();
    String end = verdict.passed() ? "PASS in " : "FAIL after ";
    console.print(end + seconds(begin) + ": " + verdict.detail());
  }

  private void fail(int node) throws InterruptedException {
    Place place = layout.place(node);
    if (!place.local()) {
      console.print(onOtherMachine(place));
    } else if (node == layout.cluster().initialLeader() && !failLeader) {
      console.print(
          "node " + node + " is the initial leader; only a demo with --fail-leader may stop it");
    } else if (!(processes.state(node) instanceof NodeProcesses.State.Running)) {
      console.print("node " + node + " is not running");
    } else {
      processes.kill(node);
      console.print("node " + node + " is stopped");
    }
  }

  private void start(int node) throws InterruptedException {
    Place place = layout.place(node);
    if (!place.local()) {
      console.print(onOtherMachine(place));
      return;
    }
    if (processes.state(node) instanceof NodeProcesses.State.Running) {
      console.print("node " + node + " is running already");
      return;
    }
    long begin = System.nanoTime();
    try {
      processes.start(node);
    } catch (IOException e) {
      console.print("node " + node + " cannot be started: " + e.getMessage());
      return;
    }
    NodeView view = firstAnswer(node, begin + START.toNanos());
    String then = view.note().map(note -> ": " + note).orElse("");
    if (view.state() == NodeState.ONLINE) {
      console.print("node " + node + " is online after " + seconds(begin));
    } else if (view.report().isPresent()) {
      console.print("node " + node + " runs after " + seconds(begin) + then);
    } else if (view.state() == NodeState.FAILED) {
      console.print("node " + node + " did not start" + then);
    } else {
      console.print("node " + node + " has not answered for " + seconds(begin) + "; see 'status'");
    }
  }

  private void readmit(int node) {
    // The cluster would wait for a node that has not shown up; people want to know that it has not.
    Optional<NodeReport> report = status.look(node).report();
    if (report.isEmpty()) {
      console.print("node " + node + " does not answer; start it first");
      return;
    }
    if (report.get().condition() != NodeReport.Condition.NOT_A_MEMBER) {
      console.print("node " + node + " does not wait to be readmitted; see 'status'");
      return;
    }
    long begin = System.nanoTime();
    Result result = members.readmit(node);
    console.print(
        result.getOutcome() == Outcome.OUTCOME_OK
            ? "node " + node + " is a member again after " + seconds(begin)
            : "node " + node + " is not readmitted: " + result.getMessage());
  }

  private NodeView firstAnswer(int node, long deadline) throws InterruptedException {
    NodeView view = status.look(node);
    while (view.report().isEmpty()
        && view.state() == NodeState.STARTING
        && System.nanoTime() < deadline) {
      TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MILLIS);
      view = status.look(node);
    }
    return view;
  }

  private static String onOtherMachine(Place place) {
    return "node "
        + place.node()
        + " runs on the other machine, at "
        + place.host()
        + "; type it there";
  }

  private static String seconds(long begin) {
    return String.format(Locale.ROOT, "%.1f s", (System.nanoTime() - begin) / 1e9);
  }
}
