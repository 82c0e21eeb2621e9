package dev.quorate.simulation;

import dev.quorate.raft.testkit.Simulation;
import dev.quorate.raft.testkit.simulation.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/**
 * A run, recorded for the model checker.
 *
 * @param file where it is
 * @param events its lines
 */
record Recording(Path file, List<String> events) {

  private static final String TRACES = "quorate.simulation.traces";

  /** Runs a simulation of five seconds with few commands. */
  static Recording of(long seed, Fault[] faults, Path temporary) throws IOException {
    String wanted = System.getProperty(TRACES);
    Path directory = wanted == null ? temporary : Path.of(wanted);
    System.setProperty(TRACES, directory.toString());
    try {
      Simulation.of(Accounts::new, new Accounts.Moves(false))
          .seed(seed)
          .faults(faults)
          .pace(Duration.ofMillis(400))
          .storm(Duration.ofSeconds(5))
          .run();
    } finally {
      if (wanted == null) {
        System.clearProperty(TRACES);
      }
    }
    Path file = directory.resolve("seed-" + seed + ".ndjson");
    return new Recording(file, Files.readAllLines(file));
  }

  /** The place of the first event of a kind. */
  int first(Predicate<String> like) {
    return first(0, like);
  }

  /** The place of the first event of a kind from a place on. */
  int first(int from, Predicate<String> like) {
    return IntStream.range(from, events.size())
        .filter(i -> like.test(events.get(i)))
        .findFirst()
        .orElseThrow();
  }

  /** The same up to a place, and there another event. */
  Recording forged(String name, int at, String event) throws IOException {
    List<String> lines = new ArrayList<>(events.subList(0, at));
    lines.add(event);
    return written(name, lines);
  }

  /** The same up to a place, with the event there, before which another one came only then. */
  Recording delayed(String name, int event, int at) throws IOException {
    List<String> lines = new ArrayList<>(events.subList(0, at + 1));
    lines.add(at - 1, lines.remove(event));
    return written(name, lines);
  }

  private Recording written(String name, List<String> lines) throws IOException {
    return new Recording(Files.write(file.resolveSibling(name + ".ndjson"), lines), lines);
  }
}
