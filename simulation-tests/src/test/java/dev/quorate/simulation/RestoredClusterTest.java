package dev.quorate.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.raft.testkit.simulation.SimulationReport;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** A run in which nothing is interrupted, astray or remembered would prove nothing of a backup. */
class RestoredClusterTest {

  private static final int SEEDS = Integer.getInteger("quorate.stage.seeds", 3);

  @Test
  void theToolEndsInTheMiddleAndMessagesComeAstray() {
    List<SimulationReport.Restored> all =
        LongStream.rangeClosed(1, SEEDS)
            .parallel()
            .mapToObj(seed -> Stage.RESTORES.simulation(seed).run().restored().orElseThrow())
            .toList();
    System.out.println(all);
    assertThat(all)
        .allSatisfy(
            it -> {
              assertThat(it.strays()).isGreaterThan(100);
              assertThat(it.committed()).isGreaterThan(100);
            })
        .anySatisfy(it -> assertThat(it.interrupted()).isPositive())
        .anySatisfy(it -> assertThat(it.remembered()).isPositive());
  }
}
