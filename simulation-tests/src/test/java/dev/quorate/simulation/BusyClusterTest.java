package dev.quorate.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With those of {@link CampaignTest} a million commits, all of them judged as in all runs. */
class BusyClusterTest {

  /** All of it where its runs are to be compared with those of another process. */
  private static final boolean SHORT =
      "short".equals(System.getProperty("quorate.scenarios")) && !HashFile.isWanted();

  private static final long FIRST_SEED = Long.getLong("quorate.simulation.seed", 1_000_001);
  private static final long COMMITS =
      Long.getLong("quorate.simulation.commits", SHORT ? 50_000 : 900_000);

  /** A run that commits less than this on average was not busy. */
  private static final long COMMITS_PER_SEED = 20_000;

  /** A seed takes some six seconds of one core. */
  private static final Duration MOST = Duration.ofMinutes(1 + COMMITS / 50_000);

  private static final Pattern COUNT = Pattern.compile("(\\d+) commits, .*");

  @TempDir Path directory;

  @Test
  void aMillionCommitsWithTheCampaign() throws IOException, InterruptedException {
    Path output = directory.resolve("output");
    Process busy =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                // Long enough to be worth the second compiler, unlike most tests here.
                "-XX:+UseSerialGC",
                "-Xmx1g",
                "-Djava.util.logging.config.file="
                    + System.getProperty("java.util.logging.config.file"),
                "-cp",
                System.getProperty("java.class.path"),
                BusyClusters.class.getName(),
                Long.toString(FIRST_SEED),
                Long.toString(COMMITS))
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      boolean ended = busy.waitFor(MOST.toSeconds(), TimeUnit.SECONDS);
      String said = Files.readString(output);
      assertThat(ended).as(said).isTrue();
      assertThat(busy.exitValue()).as(said).isZero();
      List<String> lines = said.lines().toList();
      System.out.println("busy clusters: " + lines.get(lines.size() - 2));
      Matcher last = COUNT.matcher(lines.get(lines.size() - 1));
      assertThat(last.matches()).as(said).isTrue();
      assertThat(Long.parseLong(last.group(1)))
          .isGreaterThanOrEqualTo(COMMITS)
          .isGreaterThanOrEqualTo((lines.size() - 1) * COMMITS_PER_SEED);
      HashFile hashes = new HashFile();
      for (String line : lines.subList(0, lines.size() - 1)) {
        String[] words = line.split(" ");
        hashes.add("seed-" + words[1], words[2]);
      }
      hashes.writeOrCompareIfWanted("busy");
    } finally {
      busy.destroyForcibly();
    }
  }
}
