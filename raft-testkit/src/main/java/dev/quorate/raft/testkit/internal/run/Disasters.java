package dev.quorate.raft.testkit.internal.run;

import dev.quorate.raft.testkit.internal.time.Randomness;
import dev.quorate.raft.testkit.simulation.Fault;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * Which faults a run has, and how much of each.
 *
 * @param intensities from 1, rare, to 3, frequent; a fault that is not in it does not happen
 * @param rarity how many times more rarely than usual each comes
 */
public record Disasters(Map<Fault, Integer> intensities, int rarity) {

  private static final int MOST = 3;

  /** In one of how many runs members change. */
  private static final int OPERATED = 3;

  /** Copies the map. */
  public Disasters {
    EnumMap<Fault, Integer> copy = new EnumMap<>(Fault.class);
    copy.putAll(intensities);
    intensities = copy;
  }

  /**
   * Draws about half of the allowed faults, or a quarter; in one run of three a quarter and half of
   * the changes of members. Each fault's lot does not depend on the others, nor on which others
   * there are.
   */
  public static Disasters draw(Set<Fault> allowed, Randomness randomness) {
    EnumMap<Fault, Integer> drawn = new EnumMap<>(Fault.class);
    boolean operated =
        allowed.stream().anyMatch(Operator.CHANGES::contains)
            && randomness.stream("operator").nextInt(OPERATED) == 0;
    int odds = randomness.stream("odds").nextBoolean() && !operated ? 2 : 4;
    for (Fault fault : allowed) {
      RandomGenerator random = randomness.stream(fault.name());
      boolean changesMembers = Operator.CHANGES.contains(fault);
      if (changesMembers ? operated && random.nextInt(2) == 0 : random.nextInt(odds) == 0) {
        drawn.put(fault, 1 + random.nextInt(MOST));
      }
    }
    return new Disasters(drawn, 1);
  }

  /** The same with these faults besides, each as frequent as can be. */
  public Disasters with(Set<Fault> certain) {
    EnumMap<Fault, Integer> more = new EnumMap<>(Fault.class);
    more.putAll(intensities);
    certain.forEach(fault -> more.put(fault, MOST));
    return new Disasters(more, rarity);
  }

  /** The same without one fault. */
  public Disasters without(Fault fault) {
    EnumMap<Fault, Integer> fewer = new EnumMap<>(Fault.class);
    fewer.putAll(intensities);
    fewer.remove(fault);
    return new Disasters(fewer, rarity);
  }

  /** The same, each so many times more rarely. */
  public Disasters rarer(int times) {
    return new Disasters(intensities, times);
  }

  /** Whether any of these faults happens. */
  boolean anyOf(Set<Fault> faults) {
    return intensities.keySet().stream().anyMatch(faults::contains);
  }

  /** How much of a fault there is, 0 for none. */
  public int of(Fault fault) {
    return intensities.getOrDefault(fault, 0);
  }
}
