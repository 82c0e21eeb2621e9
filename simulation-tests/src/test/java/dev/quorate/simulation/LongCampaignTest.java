package dev.quorate.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The documented command, on a class path of its own: there is no JUnit there. */
class LongCampaignTest {

  private static final Path ROOT = Path.of("").toAbsolutePath().getParent();

  @Test
  void theCommandRunsSeeds() throws IOException, InterruptedException {
    ProcessBuilder command =
        new ProcessBuilder(ROOT.resolve("bin/simulate").toString(), "3", "1")
            .redirectErrorStream(true);
    command.environment().put("JAVA_HOME", System.getProperty("java.home"));
    command.environment().put("QUORATE_BUILD", "never");
    Process campaign = command.start();
    try {
      String said = new String(campaign.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(campaign.waitFor(1, TimeUnit.MINUTES)).isTrue();
      assertThat(said).contains("3 seeds, ").contains(", 0 findings");
      assertThat(campaign.exitValue()).isZero();
    } finally {
      campaign.destroyForcibly();
    }
  }
}
