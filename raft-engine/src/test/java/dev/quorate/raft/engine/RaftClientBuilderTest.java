package dev.quorate.raft.engine;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quorate.raft.api.Address;
import dev.quorate.raft.api.config.ConfigurationException;
import dev.quorate.raft.api.config.Settings;
import dev.quorate.raft.api.transport.Transport;
import dev.quorate.raft.api.transport.TransportContext;
import dev.quorate.raft.api.transport.TransportProvider;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is wrong with the description of a client is named, and so is what would be right. */
class RaftClientBuilderTest {

  /** A transport between nodes only. It is asked for a client when nothing else is wrong. */
  private static final TransportProvider BETWEEN_NODES =
      new TransportProvider() {
        @Override
        public String name() {
          return "wire";
        }

        @Override
        public Transport create(TransportContext context) {
          throw new AssertionError("a client is no node");
        }
      };

  private static RaftClientBuilder builder() {
    return Raft.client("c", "host1:7001,n2=host2:7002").transport(BETWEEN_NODES);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "c c; host:1; cluster name 'c c' must be 1 to 64 letters, digits",
        "''; host:1; cluster name '' must be",
        "c; ''; '' in the list of nodes: '' is no address of the form host:port",
        "c; host1:7001,; '' in the list of nodes",
        "c; host1:7001, n2=host2; 'n2=host2' in the list of nodes: 'host2' is no address of the form host:port",
        "c; n1=; 'n1=' in the list of nodes: '' is no address",
        "c; host:; is no address of the form host:port",
        "c; host:x; has no port number",
        "c; host:65536; port 65536 of 'host' is not 0 to 65535",
        "c; ::1:7001; write an IPv6 address in brackets",
        "c; host1:7001,n2=host2:0; no node can be reached at host2:0; name the port that it listens at"
      })
  void whatIsNoClusterOrNoAddressIsRefused(String name, String nodes, String message) {
    assertThatThrownBy(() -> Raft.client(name, nodes))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining(message);
  }

  @Test
  void someNodeMustBeNamed() {
    assertThatThrownBy(() -> Raft.client("c", List.<Address>of()))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage("a client of cluster 'c' needs the address of a node");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "heartbeat; 50ms; 'heartbeat' is no key of a client, which takes raft.transport, raft.group",
        "raft.heartbeat; 50ms; 'raft.heartbeat' is no key of a client, which takes raft.transport",
        "raft.storage; file; 'raft.storage' is no key of a client",
        "raft.transport.other.x; 1; begin with 'raft.client.' or 'raft.transport.wire.'",
        "raft.client.retry-bugdet; 1; unknown key 'raft.client.retry-bugdet'; known under 'raft.client.'",
        "raft.client.retry-bugdet; 1; raft.client.retry-budget",
        "raft.client.retry-budget; 0; it takes a whole number from 1 to 1000000",
        "raft.client.max-pending-bytes; 1KiB; it takes a size from 1048576 to",
        "raft.group; a b; 'a b' is no value for 'raft.group': it takes 1 to 64 letters",
        "raft.group; --; '--' is no value for 'raft.group'",
        "raft.call-timeout; 5; '5' is no value for 'raft.call-timeout': it takes a duration",
        "raft.call-timeout; 0ms; it takes a duration from 1ms to 1h",
        "raft.max-command-bytes; 65MiB; it takes a size from 1 to 67108864 bytes",
        "raft.max-frame-bytes; 1KiB; it takes a size from 4096 to",
        "raft.max-frame-bytes; 4KiB; raft.max-frame-bytes=4096 does not fit: it must be at least",
        "raft.max-pending-calls; 0; it takes a whole number from 1 to 10000000"
      })
  void aWrongSettingIsNamedWithWhatItTakes(String key, String value, String message) {
    RaftClientBuilder builder = builder().setting(key, value);
    assertThatThrownBy(builder::start)
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining(message);
  }

  @Test
  void settingsReplaceThoseBefore() {
    RaftClientBuilder builder =
        builder()
            .setting("raft.heartbeat", "1ms")
            .settings(Settings.empty().with("raft.call-timeout", "2s"));
    assertThatThrownBy(builder::start).hasMessageContaining("serves no clients");
  }

  @Test
  void aTransportThatServesNoClientsIsNamed() {
    assertThatThrownBy(builder()::start)
        .isInstanceOf(ConfigurationException.class)
        .hasMessage("transport 'wire' serves no clients outside the cluster");
  }

  @Test
  void anUnknownTransportSaysWhatThereIsAndWhereToGetIt() {
    RaftClientBuilder builder = Raft.client("c", "host1:7001").setting("raft.transport", "pigeon");
    assertThatThrownBy(builder::start)
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("no transport 'pigeon'")
        .hasMessageContaining("found: ")
        .hasMessageContaining("dev.quorate:transport-pigeon");
  }

  @Test
  void whatIsNullIsNamed() {
    RaftClientBuilder builder = builder();
    assertThatThrownBy(() -> builder.settings(null)).hasMessage("all");
    assertThatThrownBy(() -> builder.transport(null)).hasMessage("provider");
  }
}
