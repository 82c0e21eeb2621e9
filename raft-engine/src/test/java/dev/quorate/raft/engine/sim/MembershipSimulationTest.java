package dev.quorate.raft.engine.sim;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Many seeds of {@link MembershipRun}. */
@Tag("pitfall-26")
@Tag("pitfall-27")
class MembershipSimulationTest {

  /** A tenth of what others play, because a seed takes that much longer. */
  private static final int SEEDS = Math.max(1, Integer.getInteger("quorate.sim.seeds", 1_000) / 10);

  private static final long FIRST_SEED = Long.getLong("quorate.sim.seed", 1);

  @Test
  void noSeedBreaksAnInvariantAndEveryGroupRecovers() {
    int changes = 0;
    int applied = 0;
    int preferences = 0;
    int handedOver = 0;
    int rises = 0;
    for (long seed = FIRST_SEED; seed < FIRST_SEED + SEEDS; seed++) {
      MembershipRun run = new MembershipRun(seed);
      try {
        run.play();
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError(
            "seed "
                + seed
                + ": "
                + e.getMessage()
                + "\nreplay: ./mvnw -pl raft-engine -am test -Dtest=MembershipSimulationTest"
                + " -Dsurefire.failIfNoSpecifiedTests=false -Dquorate.sim.seeds=1"
                + " -Dquorate.sim.seed="
                + seed,
            e);
      }
      changes += run.changed;
      preferences += run.preferences;
      handedOver += run.handedOver;
      rises += run.rose ? 1 : 0;
      applied += run.cluster.history().appliedCount();
    }
    // A simulation in which nothing happens proves nothing.
    assertThat(changes).isGreaterThan(3 * SEEDS);
    assertThat(applied).isGreaterThan(10 * SEEDS);
    assertThat(preferences).isGreaterThan(SEEDS / 2);
    assertThat(handedOver).isGreaterThan(SEEDS / 10);
    assertThat(rises).isGreaterThan(SEEDS / 20);
  }
}
