package dev.quorate.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.raft.testkit.simulation.SimulationReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The trace's hash of every seed (I20): the first process that is given a file writes it, every
 * later one must come to the same, on whichever JDK. Safe for use by several threads.
 */
final class HashFile {

  private final SortedMap<Long, String> hashes = new TreeMap<>();

  synchronized void add(SimulationReport report) {
    hashes.put(report.seed(), Long.toHexString(report.traceHash()));
  }

  synchronized void writeOrCompare(Path file) throws IOException {
    if (Files.exists(file)) {
      SortedMap<Long, String> before = new TreeMap<>();
      for (String line : Files.readAllLines(file)) {
        String[] words = line.split(" ");
        before.put(Long.parseLong(words[0]), words[1]);
      }
      assertThat(hashes).as("trace hashes by seed, as in %s", file).isEqualTo(before);
      System.out.println(before.size() + " seeds are the same runs as in another process");
    } else {
      StringBuilder lines = new StringBuilder();
      hashes.forEach((seed, hash) -> lines.append(seed).append(' ').append(hash).append('\n'));
      Files.writeString(file, lines);
    }
  }
}
