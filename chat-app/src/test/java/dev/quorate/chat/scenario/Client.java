package dev.quorate.chat.scenario;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;

/** Asks a {@link ScenarioClient} that runs where the nodes can be reached. */
final class Client extends LineProcess {
  private static final Duration ANSWER = Duration.ofSeconds(20);

  private Client(ProcessBuilder builder) throws IOException {
    super("the client", builder);
  }

  static Client start(List<String> prefix) throws IOException {
    Path target = Path.of(System.getProperty("basedir", "")).toAbsolutePath().resolve("target");
    List<String> command = new ArrayList<>(prefix);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx96m", "-cp"));
    command.add(target.resolve("test-classes") + ":" + target.resolve("lib") + "/*");
    command.add("dev.quorate.chat.scenario.ScenarioClient");
    return new Client(new ProcessBuilder(command));
  }

  /** A node's state machine: equal for two nodes when they have applied the same. */
  record State(long index, String hash, long term, long lastIndex) {
    /** What two nodes must have in common to have the same state. */
    String contents() {
      return index + " " + hash;
    }
  }

  /** A message as a client saw it. */
  record Seen(long id, long time, String content) {}

  State state(String address) throws InterruptedException {
    String[] fields = ok("state " + address).split(" ");
    return new State(
        Long.parseLong(fields[0]), fields[1], Long.parseLong(fields[2]), Long.parseLong(fields[3]));
  }

  /** Whom a node takes for the leader; 0 if nobody. */
  int leader(String address) throws InterruptedException {
    return Integer.parseInt(ok("leader " + address));
  }

  /** How many have a vote, as a node sees it. */
  int voters(String address) throws InterruptedException {
    return Integer.parseInt(ok("voters " + address));
  }

  /** What alice and bob wrote to each other, read at one node. */
  List<Seen> conversation(String address) throws InterruptedException {
    return messages(ok("conversation " + address));
  }

  /** Demands that a node refuses to read. */
  void cannotRead(String address) throws InterruptedException {
    send("conversation " + address);
    MatchResult answer = await("^(ok|error).*$", ANSWER);
    if (answer.group(1).equals("ok")) {
      throw new AssertionError(said("could read without a quorum"));
    }
  }

  void load(List<String> addresses) throws InterruptedException {
    ok("load " + String.join(",", addresses));
  }

  /** Waits until so many messages of the load are acknowledged. */
  void awaitLoaded(int count) throws InterruptedException {
    awaitLoaded(count, ANSWER);
  }

  /** The same, with a limit of its own. */
  void awaitLoaded(int count, Duration within) throws InterruptedException {
    ok("await " + count + " " + within.toMillis(), within.plus(ANSWER));
  }

  /** Waits until so many messages of the load are acknowledged from now on. */
  void awaitMore(int count, Duration within) throws InterruptedException {
    ok("more " + count + " " + within.toMillis(), within.plus(ANSWER));
  }

  /** Ends the load and gives what was acknowledged. */
  List<Seen> unload() throws InterruptedException {
    return messages(ok("unload"));
  }

  private String ok(String command) throws InterruptedException {
    return ok(command, ANSWER);
  }

  private String ok(String command, Duration within) throws InterruptedException {
    send(command);
    MatchResult answer = await("^(?:ok(?: (.*))?|error.*)$", within);
    if (answer.group().startsWith("error")) {
      throw new AssertionError(said("got an error for " + command));
    }
    return answer.group(1) == null ? "" : answer.group(1);
  }

  private static List<Seen> messages(String line) {
    List<Seen> messages = new ArrayList<>();
    for (String message : line.isEmpty() ? new String[0] : line.split(";")) {
      String[] fields = message.split("@", 3);
      messages.add(new Seen(Long.parseLong(fields[0]), Long.parseLong(fields[1]), fields[2]));
    }
    return messages;
  }
}
