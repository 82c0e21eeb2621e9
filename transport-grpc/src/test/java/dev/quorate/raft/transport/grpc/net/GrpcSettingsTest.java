package dev.quorate.raft.transport.grpc.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quorate.raft.api.config.ConfigurationException;
import dev.quorate.raft.api.config.Settings;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class GrpcSettingsTest {

  @Test
  void hasTheDocumentedDefaults() {
    assertThat(GrpcSettings.from(Settings.empty()))
        .isEqualTo(
            new GrpcSettings(
                8 << 20,
                256 << 10,
                Duration.ofSeconds(1),
                Duration.ofSeconds(3),
                Duration.ofMillis(1500),
                Duration.ofSeconds(1),
                64));
  }

  @Test
  void readsEveryKey() {
    Settings settings =
        Settings.empty()
            .with("raft.transport.grpc.send-queue-bytes", "1MiB")
            .with("raft.transport.grpc.flow-control-window-bytes", "64KiB")
            .with("raft.transport.grpc.connect-timeout", "2s")
            .with("raft.transport.grpc.handshake-timeout", "4s")
            .with("raft.transport.grpc.stall-timeout", "5s")
            .with("raft.transport.grpc.reconnect-backoff-max", "6s")
            .with("raft.transport.grpc.max-inbound", "7");
    assertThat(GrpcSettings.from(settings))
        .isEqualTo(
            new GrpcSettings(
                1 << 20,
                64 << 10,
                Duration.ofSeconds(2),
                Duration.ofSeconds(4),
                Duration.ofSeconds(5),
                Duration.ofSeconds(6),
                7));
  }

  @Test
  void refusesValuesOutOfRange() {
    Settings settings = Settings.empty().with("raft.transport.grpc.max-inbound", "0");
    assertThatThrownBy(() -> GrpcSettings.from(settings))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("raft.transport.grpc.max-inbound");
  }
}
