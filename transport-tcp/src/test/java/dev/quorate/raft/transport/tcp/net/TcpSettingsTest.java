package dev.quorate.raft.transport.tcp.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quorate.raft.api.config.ConfigurationException;
import dev.quorate.raft.api.config.Settings;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class TcpSettingsTest {

  @Test
  void hasTheDocumentedDefaults() {
    assertThat(TcpSettings.from(Settings.empty()))
        .isEqualTo(
            new TcpSettings(
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
            .with("raft.transport.tcp.send-queue-bytes", "1MiB")
            .with("raft.transport.tcp.socket-send-buffer-bytes", "64KiB")
            .with("raft.transport.tcp.connect-timeout", "2s")
            .with("raft.transport.tcp.handshake-timeout", "4s")
            .with("raft.transport.tcp.stall-timeout", "5s")
            .with("raft.transport.tcp.reconnect-backoff-max", "6s")
            .with("raft.transport.tcp.max-inbound", "7");
    assertThat(TcpSettings.from(settings))
        .isEqualTo(
            new TcpSettings(
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
    Settings settings = Settings.empty().with("raft.transport.tcp.max-inbound", "0");
    assertThatThrownBy(() -> TcpSettings.from(settings))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("raft.transport.tcp.max-inbound");
  }
}
