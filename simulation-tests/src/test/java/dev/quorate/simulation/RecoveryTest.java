package dev.quorate.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.examples.counter.Counter;
import dev.quorate.raft.testkit.Simulation;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/** A cluster that does not come back to work is found (I18). */
class RecoveryTest {

  private static final Simulation QUIET =
      Simulation.of(Counter::new, random -> ByteBuffer.allocate(Long.BYTES).putLong(1).array())
          .faults();

  @Test
  void aClusterWorksAfterTheStorm() {
    assertThat(QUIET.broken()).isEmpty();
  }

  @Test
  void aClusterThatTakesMinutesToElectALeaderIsFound() {
    assertThat(
            QUIET
                .setting("raft.election-timeout.min", "5m")
                .setting("raft.election-timeout.max", "10m")
                .broken())
        .contains("I18");
  }
}
