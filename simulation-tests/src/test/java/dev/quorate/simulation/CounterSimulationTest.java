package dev.quorate.simulation;

import dev.quorate.examples.counter.Counter;
import dev.quorate.raft.testkit.Simulation;
import dev.quorate.raft.testkit.SimulationTest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterAll;

class CounterSimulationTest {

  private static final HashFile HASHES = new HashFile();

  @AfterAll
  static void runsAreTheSameInEveryProcess() throws IOException {
    HASHES.writeOrCompareIfWanted("counter");
  }

  @SimulationTest(seeds = 10)
  void countsWhateverHappens(long seed) {
    HASHES.add(Simulation.of(Counter::new, CounterSimulationTest::add).nodes(5).seed(seed).run());
  }

  private static byte[] add(RandomGenerator random) {
    return ByteBuffer.allocate(Long.BYTES).putLong(random.nextLong(100)).array();
  }
}
