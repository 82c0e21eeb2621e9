package dev.quorate.simulation;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quorate.raft.testkit.simulation.SimulationReport;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HashFileTest {

  @TempDir private Path directory;

  private static HashFile of(long hash) {
    HashFile file = new HashFile();
    file.add(
        new SimulationReport(
            7,
            3,
            Duration.ofSeconds(1),
            1,
            1,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            Map.of(),
            Optional.empty(),
            hash));
    return file;
  }

  @Test
  void aSeedThatIsAnotherRunInAnotherProcessIsSeen() throws IOException {
    Path file = directory.resolve("hashes");
    of(5).writeOrCompare(file);
    of(5).writeOrCompare(file);
    assertThatThrownBy(() -> of(6).writeOrCompare(file)).isInstanceOf(AssertionError.class);
    assertThatThrownBy(() -> new HashFile().writeOrCompare(file))
        .isInstanceOf(AssertionError.class);
  }
}
