package dev.quorate.raft.engine.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class WakeUpTest {

  private static final long MILLI = 1_000_000;

  private final ManualEnvironment environment = new ManualEnvironment(1);
  private final List<Runnable> loop = new ArrayList<>();
  private final WakeUp wakeUp = new WakeUp(environment, loop::add);

  private void runLoop() {
    List<Runnable> tasks = List.copyOf(loop);
    loop.clear();
    tasks.forEach(Runnable::run);
  }

  @Test
  void itRingsOnceAndMayBeSetAgain() {
    wakeUp.at(10 * MILLI, 0);
    wakeUp.at(20 * MILLI, 0);
    environment.advance(50);
    assertThat(loop).hasSize(1);
    runLoop();
    wakeUp.at(60 * MILLI, 50 * MILLI);
    environment.advance(50);
    assertThat(loop).hasSize(1);
  }

  @Test
  void aTimerThatRangBeforeItWasReplacedLeavesTheNewOneAlone() {
    wakeUp.at(10 * MILLI, 0);
    environment.advance(10);
    // The turn whose tasks were taken before that ring sets an earlier time.
    wakeUp.at(5 * MILLI, 10 * MILLI);
    runLoop();
    wakeUp.at(30 * MILLI, 10 * MILLI);
    environment.advance(100);
    assertThat(loop).hasSize(1);
  }
}
