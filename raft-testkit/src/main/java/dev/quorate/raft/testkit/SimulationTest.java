package dev.quorate.raft.testkit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.TestTemplate;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A test that is run once for each of many seeds. The method has one parameter, the seed.
 *
 * <pre>{@code
 * @SimulationTest(seeds = 100)
 * void survives(long seed) {
 *   Simulation.of(Counter::new, random -> increment(random)).seed(seed).run();
 * }
 * }</pre>
 *
 * <p>With the system property {@code quorate.simulation.seed} only that seed is run, which is how a
 * failure is seen again.
 */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@TestTemplate
@ExtendWith(SimulationSeeds.class)
@SuppressWarnings("exports") // JUnit alone uses that class.
public @interface SimulationTest {

  /**
   * How many seeds.
   *
   * @return 1 or more
   */
  int seeds() default 100;

  /**
   * The first seed; the others follow it.
   *
   * @return any number
   */
  long first() default 1;
}
