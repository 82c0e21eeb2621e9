package dev.quorate.raft.engine.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quorate.raft.api.storage.RecoveredLog.TermStart;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class TermRunsTest {

  @Test
  void everyEntryHasTheTermOfItsRun() {
    TermRuns runs = runs();
    assertThat(List.of(runs.at(5), runs.at(6), runs.at(7), runs.at(8), runs.at(12)))
        .containsExactly(2L, 3L, 3L, 5L, 5L);
  }

  @Test
  void belowTheBaseAndBehindTheEndNothingIsKnown() {
    TermRuns runs = runs();
    assertThat(runs.at(4)).isEqualTo(TermRuns.UNKNOWN);
    assertThat(runs.at(13)).isEqualTo(TermRuns.UNKNOWN);
    TermRuns empty = new TermRuns(0, 0, 0, List.of());
    assertThat(empty.at(0)).isZero();
    assertThat(empty.at(1)).isEqualTo(TermRuns.UNKNOWN);
    assertThat(empty.lastNotAbove(9, 9)).isZero();
  }

  @Test
  void aGapOrAFallingTermIsADefect() {
    assertThatThrownBy(() -> runs().append(14, 5)).isInstanceOf(InvariantViolation.class);
    assertThatThrownBy(() -> runs().append(12, 5)).isInstanceOf(InvariantViolation.class);
    assertThatThrownBy(() -> runs().append(13, 4)).isInstanceOf(InvariantViolation.class);
  }

  @Test
  void aTruncatedRunIsShorterOrGone() {
    TermRuns runs = runs();
    runs.truncateFrom(10);
    assertThat(runs.at(9)).isEqualTo(5);
    assertThat(runs.at(10)).isEqualTo(TermRuns.UNKNOWN);
    runs.truncateFrom(8);
    assertThat(runs.lastIndex()).isEqualTo(7);
    runs.append(8, 4);
    assertThat(runs.at(8)).isEqualTo(4);
    runs.truncateFrom(6);
    assertThat(runs.at(5)).isEqualTo(2);
    runs.append(6, 9);
    assertThat(runs.at(6)).isEqualTo(9);
  }

  @Test
  void theLastIndexOfATermNotAboveSkipsWholeTerms() {
    TermRuns runs = runs();
    assertThat(runs.lastNotAbove(99, 9)).isEqualTo(12);
    assertThat(runs.lastNotAbove(10, 5)).isEqualTo(10);
    assertThat(runs.lastNotAbove(10, 4)).isEqualTo(7);
    assertThat(runs.lastNotAbove(6, 4)).isEqualTo(6);
    assertThat(runs.lastNotAbove(10, 2)).isEqualTo(5);
    assertThat(runs.lastNotAbove(10, 1)).as("never below the base").isEqualTo(5);
  }

  @Test
  void randomLogsEqualAPlainList() {
    SplittableRandom random = new SplittableRandom(3);
    for (int run = 0; run < 200; run++) {
      TermRuns runs = new TermRuns(0, 0, 0, List.of());
      List<Long> plain = new ArrayList<>(List.of(0L));
      for (int step = 0; step < 60; step++) {
        if (plain.size() > 1 && random.nextInt(6) == 0) {
          int from = random.nextInt(1, plain.size());
          plain.subList(from, plain.size()).clear();
          runs.truncateFrom(from);
        } else {
          long term = plain.get(plain.size() - 1) + random.nextInt(2);
          runs.append(plain.size(), term);
          plain.add(term);
        }
        long index = random.nextInt(plain.size() + 3);
        long term = random.nextInt(8);
        assertThat(runs.at(index))
            .isEqualTo(index < plain.size() ? plain.get((int) index) : TermRuns.UNKNOWN);
        int expected = (int) Math.min(index, plain.size() - 1);
        while (expected > 0 && plain.get(expected) > term) {
          expected--;
        }
        assertThat(runs.lastNotAbove(index, term)).isEqualTo(expected);
      }
    }
  }

  /** Base 5 of term 2; 6 and 7 of term 3; 8 to 12 of term 5. */
  private static TermRuns runs() {
    return new TermRuns(5, 2, 12, List.of(new TermStart(6, 3), new TermStart(8, 5)));
  }
}
