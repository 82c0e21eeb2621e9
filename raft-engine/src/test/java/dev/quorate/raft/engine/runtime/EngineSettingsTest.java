package dev.quorate.raft.engine.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quorate.raft.api.config.ConfigurationException;
import dev.quorate.raft.api.config.Settings;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EngineSettingsTest {

  private static EngineSettings parse(Settings settings) {
    return EngineSettings.of(settings, "tcp", "file");
  }

  @Test
  void theDefaultsFitTogether() {
    EngineSettings settings = parse(Settings.empty());
    assertThat(settings.group()).isEqualTo("default");
    assertThat(settings.callTimeout()).isEqualTo(Duration.ofSeconds(5));
    assertThat(settings.core().heartbeatNanos()).isEqualTo(50_000_000);
    assertThat(settings.core().electionMinNanos()).isEqualTo(300_000_000);
    assertThat(settings.core().electionMaxNanos()).isEqualTo(600_000_000);
    assertThat(settings.maxCommandBytes()).isEqualTo(1 << 20);
  }

  @ParameterizedTest
  @CsvSource({
    "raft.heartbeat, 101ms, raft.election-timeout.min=300ms, raft.heartbeat=101ms",
    "raft.election-timeout.max, 300ms, raft.election-timeout.max=300ms, raft.election-timeout.min",
    "raft.max-batch-bytes, 4MiB, raft.max-frame-bytes=4194304, raft.max-batch-bytes=4194304",
    "raft.max-in-flight-bytes, 64KiB, raft.max-in-flight-bytes=65536, raft.max-batch-bytes=262144",
    "raft.max-uncommitted-bytes, 64KiB, raft.max-uncommitted-bytes=65536, raft.max-command-bytes",
    "raft.group, a b, raft.group, a b",
    "raft.hartbeat, 50ms, raft.hartbeat, raft.heartbeat",
    "heartbeat, 50ms, heartbeat, raft.",
    "raft.transport.grpc.port, 7, raft.transport.grpc.port, tcp",
    "raft.storage.mvstore.x, 7, raft.storage.mvstore.x, file",
    "raft.max-pending-calls, 0, raft.max-pending-calls, 1 to"
  })
  void whatDoesNotFitIsSaidWithKeysAndValues(
      String key, String value, String named, String alsoNamed) {
    Settings settings = Settings.empty().with(key, value);
    assertThatThrownBy(() -> parse(settings))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining(named)
        .hasMessageContaining(alsoNamed);
  }

  @Test
  void theLongestCommandMustHaveRoomInTheReserve() {
    EngineSettings settings = parse(Settings.empty().with("raft.max-command-bytes", "1000"));
    assertThatThrownBy(() -> settings.within(1_129))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("raft.max-command-bytes=1000")
        .hasMessageContaining("at most 999");
    assertThat(settings.within(1_130).core().maxUnforcedBytes()).isEqualTo(1_130);
  }

  @Test
  void asMuchIsUnderWayToAPeerAsHalfOfTheReserveTakes() {
    EngineSettings settings = parse(Settings.empty().with("raft.max-in-flight-bytes", "2MiB"));
    assertThat(settings.within(3 << 20).core().maxInFlightBytes()).isEqualTo(3 << 19);
    assertThat(settings.within(5 << 20).core().maxInFlightBytes()).isEqualTo(2 << 20);
  }

  @Test
  void keysOfThePlugInsInUseAreTheirsToCheck() {
    Settings settings =
        Settings.empty()
            .with("raft.transport", "tcp")
            .with("raft.transport.tcp.anything", "1")
            .with("raft.storage.file.anything", "1");
    assertThat(parse(settings)).isNotNull();
  }
}
