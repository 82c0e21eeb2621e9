package dev.quorate.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What mutants are looked for with must not break the product itself. */
class StageTest {

  private static final long FIRST_SEED = Long.getLong("quorate.simulation.seed", 1);
  private static final int SEEDS = Integer.getInteger("quorate.stage.seeds", 3);

  @BeforeAll
  static void onceIsEnough() {
    assumeFalse(
        "short".equals(System.getProperty("quorate.scenarios")),
        "the mutants are looked for on one JDK, too");
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "CAMPAIGN")
  void theProductSurvivesIt(Stage stage) {
    LongStream seeds = LongStream.range(FIRST_SEED, FIRST_SEED + SEEDS);
    assertThat(
            seeds
                .parallel()
                .mapToObj(seed -> seed + " " + Stage.breaks(stage.name(), seed))
                .filter(run -> !run.endsWith(" ")))
        .isEmpty();
  }
}
