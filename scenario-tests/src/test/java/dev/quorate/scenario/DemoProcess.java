package dev.quorate.scenario;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.MatchResult;

/** One {@code bin/chat demo}, with the questions that scenarios ask it. */
final class DemoProcess extends LineProcess {
  private static final Duration ANSWER = Scenarios.limit(Duration.ofSeconds(15));

  /** A passing test has no limit of its own; passwords are hashed four times in the first one. */
  private static final Duration VERDICT = Scenarios.limit(Duration.ofSeconds(30));

  /** A failing one has. */
  private static final Duration FAIL_WITHIN = Duration.ofSeconds(5);

  /** How long a start may take is measured where it matters; here it only has to come to an end. */
  private static final Duration START = Duration.ofMinutes(4);

  private long testBegan;

  private DemoProcess(String name, ProcessBuilder builder) throws IOException {
    super(name, builder);
  }

  /**
   * Starts it.
   *
   * @param prefix the command that puts it elsewhere, if any
   * @param directory its current directory
   */
  static DemoProcess start(String name, List<String> prefix, Path directory, List<String> options)
      throws IOException, InterruptedException {
    ClassArchives.record();
    List<String> command = new ArrayList<>(prefix);
    command.add(script().toString());
    command.add("demo");
    command.addAll(options);
    return new DemoProcess(name, underTest(command, directory));
  }

  /** What starts a command that begins with the script, in a directory. */
  static ProcessBuilder underTest(List<String> command, Path directory) {
    ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    // The build under test is running around us; it must not be built again by what it starts.
    builder.environment().put("QUORATE_BUILD", "never");
    return builder;
  }

  /** The real thing. */
  static Path script() {
    Path module = Path.of(System.getProperty("basedir", "")).toAbsolutePath();
    return module.resolveSibling("bin").resolve("chat");
  }

  /** A row of the table. */
  record Row(int node, String state, boolean local, String role, String term, String applied) {
    boolean isOnline() {
      return state.equals("● Online");
    }

    boolean leads() {
      return role.equals("★ leader");
    }
  }

  /** The table and what stands below it. */
  record Table(List<Row> rows, int leader, String text) {
    Row row(int node) {
      return rows.get(node - 1);
    }

    List<Integer> online() {
      return rows.stream().filter(Row::isOnline).map(Row::node).toList();
    }

    /** All are online, one leads, in one term. */
    boolean isWhole() {
      return online().size() == rows.size()
          && rows.stream().filter(Row::leads).count() == 1
          && rows.stream().map(Row::term).distinct().count() == 1;
    }
  }

  /** Waits for the prompt with an elected leader. */
  void awaitReady() throws InterruptedException {
    await("^Ready after .*$", START);
  }

  /** Types {@code status} and reads the table. */
  Table status() throws InterruptedException {
    send("status");
    MatchResult found =
        await("^Node  Status(?s:.*?)^Leader: (?:node (\\d+) in term \\d+|none)\\.$", ANSWER);
    List<Row> rows =
        found
            .group()
            .lines()
            .filter(line -> Character.isDigit(line.charAt(0)))
            .map(DemoProcess::row)
            .toList();
    int leader = found.group(1) == null ? 0 : Integer.parseInt(found.group(1));
    return new Table(rows, leader, found.group());
  }

  private static Row row(String line) {
    String[] cells = line.split(" {2,}");
    return new Row(
        Integer.parseInt(cells[0]),
        cells[1],
        cells[2].equals("Local"),
        cells[5],
        cells[6],
        cells[8]);
  }

  /** Asks for the table until it is as it should be, and says how long that took. */
  Duration awaitStatus(String what, Duration within, Predicate<Table> condition)
      throws InterruptedException {
    long begin = System.nanoTime();
    while (true) {
      Table table = status();
      Duration taken = Duration.ofNanos(System.nanoTime() - begin);
      if (taken.compareTo(within) > 0) {
        throw new AssertionError(said("shows not, within " + within + ": " + what));
      }
      if (condition.test(table)) {
        return taken;
      }
    }
  }

  /** Types {@code test} without waiting. */
  void beginTest() {
    testBegan = System.nanoTime();
    send("test");
  }

  /** Waits for a PASS. */
  void endTestWithPass() throws InterruptedException {
    MatchResult verdict = await("^(PASS|FAIL) .*$", VERDICT);
    if (!verdict.group(1).equals("PASS")) {
      throw new AssertionError(said("did not pass"));
    }
  }

  /** Types {@code test} and demands a PASS. */
  void testPasses() throws InterruptedException {
    beginTest();
    endTestWithPass();
  }

  /** Types {@code test}, demands a FAIL within 5 s, and gives its reason. */
  String testFails() throws InterruptedException {
    beginTest();
    return endTestWithFail();
  }

  /** Demands a FAIL within 5 s of the beginning, and gives its reason. */
  String endTestWithFail() throws InterruptedException {
    MatchResult verdict = await("^(PASS|FAIL) .*$", VERDICT);
    long taken = System.nanoTime() - testBegan;
    if (!verdict.group(1).equals("FAIL") || taken > Scenarios.limit(FAIL_WITHIN).toNanos()) {
      throw new AssertionError(said("should have failed within 5 s"));
    }
    return verdict.group();
  }

  /** Types a command and demands an answer in one line. */
  void answers(String command, String regex) throws InterruptedException {
    send(command);
    await("^> " + command + "\n(?:" + regex + ")$", ANSWER);
  }

  /** Types {@code readmit} and demands that the node is a member again. */
  void readmits(int node, Duration within) throws InterruptedException {
    send("readmit " + node);
    await("^node " + node + " is a member again after .*$", within);
  }

  /** Types {@code exit}, demands a normal end, and that no process is left behind. */
  void exits(int code) throws InterruptedException {
    List<ProcessHandle> children = children();
    send("exit");
    int actual = awaitExit(ANSWER);
    if (actual != code) {
      throw new AssertionError(said("ended with " + actual + " instead of " + code));
    }
    awaitEnd(children);
  }

  /** Waits until processes have ended. */
  static void awaitEnd(List<ProcessHandle> processes) {
    for (ProcessHandle process : processes) {
      process.onExit().orTimeout(ANSWER.toSeconds(), TimeUnit.SECONDS).join();
    }
  }

  /** Kills it and all its nodes at one moment, as a power cut of all processes would. */
  void killAll() throws InterruptedException {
    List<ProcessHandle> children = children();
    process().destroyForcibly();
    children.forEach(ProcessHandle::destroyForcibly);
    awaitEnd(children);
    process().waitFor();
  }
}
