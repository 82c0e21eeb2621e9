package dev.quorate.simulation;

import dev.quorate.raft.testkit.simulation.Fault;
import dev.quorate.raft.testkit.simulation.SimulationReport;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/** What happened in many runs, in sum. Safe for use by several threads. */
final class Tally {

  private static final double MILLIS_PER_HOUR = 3_600_000;

  private final EnumMap<Fault, Long> faults = new EnumMap<>(Fault.class);
  private final long beginNanos = System.nanoTime();
  private final SortedSet<Integer> sizes = new TreeSet<>();
  private long seeds;
  private long simulatedMillis;
  private long commits;
  private long applied;
  private long reads;
  private long inSessions;
  private long repeats;
  private long changes;
  private long snapshots;
  private long installs;
  private long rests;

  synchronized void add(SimulationReport report) {
    report.faults().forEach((fault, count) -> faults.merge(fault, count, Long::sum));
    seeds++;
    sizes.add(report.nodes());
    simulatedMillis += report.simulated().toMillis();
    commits += report.committed();
    applied += report.applied();
    reads += report.reads();
    inSessions += report.inSessions();
    repeats += report.repeats();
    changes += report.changes();
    snapshots += report.snapshots();
    installs += report.installs();
    rests += report.rests();
  }

  /** How many nodes clusters had. */
  synchronized SortedSet<Integer> sizes() {
    return new TreeSet<>(sizes);
  }

  synchronized long commits() {
    return commits;
  }

  synchronized long applied() {
    return applied;
  }

  synchronized long reads() {
    return reads;
  }

  synchronized long inSessions() {
    return inSessions;
  }

  synchronized long repeats() {
    return repeats;
  }

  synchronized long changes() {
    return changes;
  }

  synchronized long installs() {
    return installs;
  }

  synchronized long rests() {
    return rests;
  }

  synchronized Map<Fault, Long> faults() {
    return Collections.unmodifiableMap(new EnumMap<>(faults));
  }

  @Override
  public synchronized String toString() {
    double millis = (System.nanoTime() - beginNanos) / 1e6;
    return String.format(
        Locale.ROOT,
        "%,d seeds, %.1f simulated hours at %.0f times real time, %,d commits, %,d commands and %,d"
            + " reads answered, %,d commands in sessions with %,d results repeated, %,d changes"
            + " of members, %,d snapshots taken and %,d installed, %,d rests, %,d faults",
        seeds,
        simulatedMillis / MILLIS_PER_HOUR,
        simulatedMillis / millis,
        commits,
        applied,
        reads,
        inSessions,
        repeats,
        changes,
        snapshots,
        installs,
        rests,
        faults.values().stream().mapToLong(Long::longValue).sum());
  }
}
