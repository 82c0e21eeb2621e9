package dev.quorate.raft.testkit.simulation;

import java.time.Duration;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * What happened in a run that kept all invariants.
 *
 * @param seed the seed
 * @param nodes how many nodes there were
 * @param simulated how much virtual time passed
 * @param steps how many turns, deliveries and other steps there were
 * @param committed the highest committed log index
 * @param applied how many commands were acknowledged as applied
 * @param rejected how many commands were certainly not applied
 * @param unknown how many commands ended as unknown
 * @param reads how many reads were answered
 * @param inSessions how many commands were acknowledged in sessions, each counted once
 * @param repeats how often a result in a session was given again
 * @param changes how many changes of members were told to have come about
 * @param snapshots how many snapshots were taken
 * @param installs how many snapshots took the place of another node's log
 * @param rests how often groups besides the first came to rest and were woken
 * @param explained how many calls a model had to account for, if there is one
 * @param faults how often each fault happened; those that did not are absent
 * @param restored what came of the backup, if there was one
 * @param traceHash a hash of everything that happened, the same for the same seed in every JVM
 */
public record SimulationReport(
    long seed,
    int nodes,
    Duration simulated,
    long steps,
    long committed,
    int applied,
    int rejected,
    int unknown,
    int reads,
    int inSessions,
    int repeats,
    int changes,
    int snapshots,
    int installs,
    int rests,
    long explained,
    Map<Fault, Long> faults,
    Optional<Restored> restored,
    long traceHash) {

  /**
   * What came of a backup.
   *
   * @param interrupted how often the tool ended in the middle, with or without its machine
   * @param strays how many messages of one cluster came to a node of the other
   * @param remembered how often the restored cluster gave the result of a command in a session that
   *     was applied before the backup
   * @param committed the restored cluster's highest committed log index
   */
  public record Restored(int interrupted, int strays, int remembered, long committed) {}

  /** Copies the map. */
  public SimulationReport {
    EnumMap<Fault, Long> copy = new EnumMap<>(Fault.class);
    copy.putAll(faults);
    faults = Collections.unmodifiableMap(copy);
  }
}
