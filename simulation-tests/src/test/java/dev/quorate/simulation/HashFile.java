package dev.quorate.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.raft.testkit.simulation.SimulationReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The trace's hash of every run (I20): the first process that is given a file writes it, every
 * later one must come to the same, on whichever JDK. Safe for use by several threads.
 */
final class HashFile {

  /** Where the hashes are, or are to be; empty if they are not compared. */
  private static final String FILE = System.getProperty("quorate.simulation.hashes", "");

  private final SortedMap<String, String> hashes = new TreeMap<>();

  /** Whether hashes are compared. */
  static boolean isWanted() {
    return !FILE.isEmpty();
  }

  void add(SimulationReport report) {
    add("seed-" + report.seed(), report);
  }

  void add(String name, SimulationReport report) {
    add(name, Long.toHexString(report.traceHash()));
  }

  synchronized void add(String name, String hash) {
    hashes.put(name, hash);
  }

  /** If it is wanted, for some of the simulations, each of which have a file of their own. */
  void writeOrCompareIfWanted(String simulations) throws IOException {
    if (isWanted()) {
      writeOrCompare(Path.of(FILE + "-" + simulations));
    }
  }

  synchronized void writeOrCompare(Path file) throws IOException {
    if (Files.exists(file)) {
      SortedMap<String, String> before = new TreeMap<>();
      for (String line : Files.readAllLines(file)) {
        String[] words = line.split(" ");
        before.put(words[0], words[1]);
      }
      assertThat(hashes).as("trace hashes of runs, as in %s", file).isEqualTo(before);
      System.out.println(
          before.size() + " runs are the same as in another process, by " + file.getFileName());
    } else {
      StringBuilder lines = new StringBuilder();
      hashes.forEach((run, hash) -> lines.append(run).append(' ').append(hash).append('\n'));
      Files.writeString(file, lines);
    }
  }
}
