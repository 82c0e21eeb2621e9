package dev.quorate.raft.engine.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class RateLimitedLogTest {

  private final Lines lines = new Lines();
  private final ManualEnvironment environment = new ManualEnvironment(1);
  private final RateLimitedLog log = new RateLimitedLog(lines, environment);

  @Test
  void ofEachKindThereIsOneLineInAWhileWithWhatWasLeftOutAndWhy() {
    for (int i = 0; i < 1_000; i++) {
      log.warn("fetch", "fetching failed", new IOException("number " + i));
      log.warn("disk", "the disk is full");
      environment.pause(1);
    }
    assertThat(lines.logged()).containsExactly("fetching failed: number 0", "the disk is full");
    environment.pause(10_000);
    log.warn("fetch", "fetching failed", new IOException("again"));
    assertThat(lines.logged()).endsWith("fetching failed (999 like it left out): again");
  }
}
