package dev.quorate.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * The archives of classes that the first {@code bin/chat demo} of a build records. A fresh build
 * has none, and the scenarios time starts: those of a product that is in use, as their users' are.
 */
final class ClassArchives {
  private static final Duration RECORDING = Duration.ofMinutes(3);

  private static boolean recorded;

  private ClassArchives() {}

  /** Makes them, once in this process, unless they are there. */
  static synchronized void record() throws IOException, InterruptedException {
    if (recorded) {
      return;
    }
    ProcessBuilder builder =
        DemoProcess.underTest(List.of(DemoProcess.script().toString()), Path.of("."));
    builder.environment().put("QUORATE_BUILD", "record");
    try (LineProcess recording = new LineProcess("recording", builder)) {
      assertThat(recording.awaitExit(RECORDING)).as(recording.transcript()).isZero();
    }
    recorded = true;
  }
}
