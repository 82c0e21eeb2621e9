package dev.quorate.simulation;

import dev.quorate.raft.api.ApplyContext;
import dev.quorate.raft.api.StateMachine;
import dev.quorate.raft.testkit.Simulation;
import dev.quorate.raft.testkit.SimulationTest;
import java.nio.ByteBuffer;

class FirstSimulationTest {

  static class Sum implements StateMachine {
    private long sum;

    @Override
    public byte[] apply(ApplyContext context, ByteBuffer command) {
      sum += command.get();
      return query(command);
    }

    @Override
    public byte[] query(ByteBuffer query) {
      return ByteBuffer.allocate(Long.BYTES).putLong(sum).array();
    }
  }

  @SimulationTest(seeds = 10)
  void addsUpWhateverHappens(long seed) {
    Simulation.of(Sum::new, random -> new byte[] {(byte) random.nextInt(100)})
        .invariant("nothing is taken away", Sum.class, it -> it.sum >= 0)
        .nodes(5)
        .seed(seed)
        .run();
  }
}
