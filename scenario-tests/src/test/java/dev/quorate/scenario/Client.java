package dev.quorate.scenario;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Asks a {@link ScenarioClient} that runs where the nodes can be reached. */
final class Client extends LineProcess {
  private static final Duration ANSWER = Duration.ofSeconds(20);

  private Client(ProcessBuilder builder) throws IOException {
    super("the client", builder);
  }

  static Client start(List<String> prefix) throws IOException {
    Path module = Path.of(System.getProperty("basedir", "")).toAbsolutePath();
    Path product = module.resolveSibling("chat-app").resolve("target").resolve("lib");
    List<String> command = new ArrayList<>(prefix);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx96m", "-cp"));
    command.add(module.resolve("target").resolve("test-classes") + ":" + product + "/*");
    command.add("dev.quorate.scenario.ScenarioClient");
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

  /** Demands that a node serves, and refuses to read; alice must be logged in already. */
  void cannotRead(String address) throws InterruptedException {
    send("conversation " + address);
    refused("OUTCOME_UNAVAILABLE");
  }

  /** A message to bob that may be sent again and is then the same. */
  record Draft(long client, String content) {
    /** Those messages of a conversation that are this one. */
    List<Seen> in(List<Seen> conversation) {
      return conversation.stream().filter(seen -> seen.content().equals(content)).toList();
    }
  }

  /** Logs alice in at a node, if she is not, and has it give what one message takes. */
  Draft draft(String address, String content) throws InterruptedException {
    return new Draft(Long.parseLong(ok("draft " + address)), content);
  }

  /** Sends a message at a node, which must acknowledge it. */
  Seen sends(String address, Draft draft) throws InterruptedException {
    return messages(ok(command(address, draft))).get(0);
  }

  /** Sends a message at a node without waiting. */
  void beginSend(String address, Draft draft) {
    send(command(address, draft));
  }

  /**
   * Demands that the message which was sent is not acknowledged, and says whether it is certainly
   * not in the conversation.
   */
  boolean endSendUnacknowledged() throws InterruptedException {
    return refused("OUTCOME_UNAVAILABLE|OUTCOME_UNKNOWN").equals("OUTCOME_UNAVAILABLE");
  }

  private static String command(String address, Draft draft) {
    return "send " + address + " " + draft.client() + " " + draft.content();
  }

  /** A node that cannot be asked at all is none that refuses. */
  private String refused(String outcomes) throws InterruptedException {
    MatchResult answer = await("^(?:ok|error).*$", ANSWER);
    Matcher refusal = Pattern.compile("error (" + outcomes + ") .*").matcher(answer.group());
    if (!refusal.matches()) {
      throw new AssertionError(said("was to be refused with " + outcomes));
    }
    return refusal.group(1);
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
