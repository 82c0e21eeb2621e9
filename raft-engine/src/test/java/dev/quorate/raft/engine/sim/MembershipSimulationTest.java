package dev.quorate.raft.engine.sim;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Many seeds of {@link MembershipRun}. */
class MembershipSimulationTest {

  private static final int SEEDS = Integer.getInteger("quorate.sim.seeds", 1_000);
  private static final long FIRST_SEED = Long.getLong("quorate.sim.seed", 1);

  @Test
  void noSeedBreaksAnInvariantAndEveryGroupRecovers() {
    int changes = 0;
    int applied = 0;
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
      applied += run.cluster.history().appliedCount();
    }
    // A simulation in which nothing happens proves nothing.
    assertThat(changes).isGreaterThan(3 * SEEDS);
    assertThat(applied).isGreaterThan(10 * SEEDS);
  }
}
