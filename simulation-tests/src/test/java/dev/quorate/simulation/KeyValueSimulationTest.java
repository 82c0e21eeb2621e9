package dev.quorate.simulation;

import dev.quorate.examples.keyvalue.KeyValueStore;
import dev.quorate.raft.testkit.Simulation;
import dev.quorate.raft.testkit.SimulationTest;
import dev.quorate.raft.testkit.simulation.Workload;
import java.util.random.RandomGenerator;

/** Few keys, so that commands and queries of several callers meet, and many snapshots. */
class KeyValueSimulationTest implements Workload {
  private static final int KEYS = 4;

  @SimulationTest(seeds = 10)
  void keepsWhatWasPut(long seed) {
    Simulation.of(KeyValueStore::new, this)
        .nodes(5)
        .setting("raft.snapshot.after-entries", "20")
        .setting("raft.snapshot.tail-entries", "5")
        .seed(seed)
        .run();
  }

  @Override
  public byte[] command(RandomGenerator random) {
    return random.nextInt(4) == 0
        ? KeyValueStore.remove(key(random))
        : KeyValueStore.put(key(random), "value " + random.nextInt(1_000));
  }

  @Override
  public byte[] query(RandomGenerator random) {
    return KeyValueStore.get(key(random));
  }

  private static String key(RandomGenerator random) {
    return "key " + random.nextInt(KEYS);
  }
}
