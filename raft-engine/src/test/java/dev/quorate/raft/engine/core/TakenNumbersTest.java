package dev.quorate.raft.engine.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class TakenNumbersTest {

  private final TakenNumbers taken = new TakenNumbers();

  @Test
  void eachNumberIsTakenOnce() {
    assertThat(taken.take(1)).isTrue();
    assertThat(taken.take(1)).isFalse();
    assertThat(taken.take(3)).isTrue();
    assertThat(taken.take(2)).as("late").isTrue();
    assertThat(taken.take(2)).isFalse();
  }

  @Test
  void aNumberThatIsTooOldToTellIsNotTaken() {
    assertThat(taken.take(100)).isTrue();
    assertThat(taken.take(37)).isTrue();
    assertThat(taken.take(36)).isFalse();
    assertThat(taken.take(1_000)).isTrue();
    assertThat(taken.take(100)).isFalse();
    assertThat(taken.take(936)).isFalse();
    assertThat(taken.take(937)).isTrue();
  }

  @Test
  void noOrderOfNumbersMakesOneTakenTwice() {
    SplittableRandom random = new SplittableRandom(5);
    Set<Long> before = new HashSet<>();
    long highest = 0;
    for (int i = 0; i < 100_000; i++) {
      long number = Math.max(1, highest - 70 + random.nextLong(80));
      boolean first = before.add(number);
      assertThat(taken.take(number)).isEqualTo(first && number > highest - 64);
      highest = Math.max(highest, number);
    }
  }
}
