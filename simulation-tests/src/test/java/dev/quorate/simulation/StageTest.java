package dev.quorate.simulation;

import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What mutants are looked for with must not break the product itself. */
class StageTest {

  private static final long FIRST_SEED = Long.getLong("quorate.simulation.seed", 1);
  private static final HashFile HASHES = new HashFile();
  private static final int SEEDS = Integer.getInteger("quorate.stage.seeds", 3);

  @BeforeAll
  static void onceIsEnough() {
    assumeFalse(
        "short".equals(System.getProperty("quorate.scenarios")) && !HashFile.isWanted(),
        "the mutants are looked for on one JDK, too");
  }

  @AfterAll
  static void runsAreTheSameInEveryProcess() throws IOException {
    HASHES.writeOrCompareIfWanted("stages");
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "CAMPAIGN")
  void theProductSurvivesIt(Stage stage) {
    LongStream seeds = LongStream.range(FIRST_SEED, FIRST_SEED + SEEDS);
    assertThatNoException()
        .isThrownBy(
            () ->
                seeds
                    .parallel()
                    .forEach(seed -> HASHES.add(stage + "-" + seed, stage.simulation(seed).run())));
  }
}
