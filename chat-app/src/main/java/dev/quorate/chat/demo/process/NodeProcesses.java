package dev.quorate.chat.demo.process;

import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The processes of the nodes that run on this machine. Only processes started here are ever ended,
 * through the handles that starting them gave.
 *
 * <p>Every process holds a pipe from this one as its standard input. The pipe breaks when this
 * process ends, however it ends, and the node ends with it.
 */
public final class NodeProcesses implements AutoCloseable {
  /** How long nodes may take to end by themselves before they are killed. */
  private static final Duration GRACE = Duration.ofSeconds(3);

  private final NodeLauncher launcher;
  private final Map<Integer, Process> processes = new HashMap<>();

  /** Nodes whose present or last process was stopped on request, so that its end is no fault. */
  private final Map<Integer, Process> stopped = new HashMap<>();

  private final Map<Integer, Long> startedAt = new HashMap<>();

  private boolean closed;

  /** What this machine knows about a node's process. */
  public sealed interface State {
    /** It runs, for so long. */
    record Running(long pid, Duration age) implements State {}

    /** It was stopped on request, or never started. */
    record Stopped() implements State {}

    /** It ended by itself. */
    record Ended(int exitCode) implements State {}
  }

  /** Starts nothing yet. */
  public NodeProcesses(NodeLauncher launcher) {
    this.launcher = launcher;
  }

  /** Starts a node that does not run. */
  public synchronized void start(int node) throws IOException {
    if (closed) {
      throw new IOException("the demo is ending");
    }
    if (state(node) instanceof State.Running) {
      throw new IOException("node " + node + " is running already");
    }
    stopped.remove(node);
    startedAt.put(node, System.nanoTime());
    processes.put(node, launcher.launch(node));
  }

  /** Ends a node at once, giving it no chance to say goodbye, and waits until it is gone. */
  public void kill(int node) throws InterruptedException {
    Process process;
    synchronized (this) {
      process = processes.get(node);
      if (process == null) {
        return;
      }
      stopped.put(node, process);
    }
    process.destroyForcibly().waitFor();
  }

  /** What is known about a node's process now. */
  public synchronized State state(int node) {
    Process process = processes.get(node);
    if (process == null || stopped.get(node) == process) {
      return new State.Stopped();
    }
    if (process.isAlive()) {
      return new State.Running(
          process.pid(), Duration.ofNanos(System.nanoTime() - startedAt.get(node)));
    }
    return new State.Ended(process.exitValue());
  }

  /** Lets all nodes end, and kills those that do not within a few seconds. Idempotent. */
  @Override
  public void close() {
    Map<Integer, Process> all;
    synchronized (this) {
      closed = true;
      all = Map.copyOf(processes);
      stopped.putAll(all);
    }
    all.values().forEach(NodeProcesses::breakPipe);
    long deadline = System.nanoTime() + GRACE.toNanos();
    for (Process process : all.values()) {
      endBy(process, deadline);
    }
  }

  private static void breakPipe(Process process) {
    try {
      process.getOutputStream().close();
    } catch (IOException e) {
      // Closing what the node's end has broken already; the wait below settles it.
      return;
    }
  }

  private static void endBy(Process process, long deadline) {
    try {
      long left = Math.max(0, deadline - System.nanoTime());
      if (!process.waitFor(left, TimeUnit.NANOSECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
