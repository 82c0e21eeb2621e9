package dev.quorate.raft.testkit.internal.run;

import dev.quorate.raft.testkit.simulation.Fault;
import java.util.EnumMap;
import java.util.Map;

/** How often each fault happened: one that never does proves nothing. */
final class Counters {

  private final EnumMap<Fault, Long> counts = new EnumMap<>(Fault.class);

  void count(Fault fault) {
    counts.merge(fault, 1L, Long::sum);
  }

  /** In place of what was counted. */
  void set(Fault fault, long count) {
    if (count == 0) {
      counts.remove(fault);
    } else {
      counts.put(fault, count);
    }
  }

  Map<Fault, Long> counts() {
    return new EnumMap<>(counts);
  }
}
