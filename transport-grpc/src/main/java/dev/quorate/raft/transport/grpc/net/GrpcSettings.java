package dev.quorate.raft.transport.grpc.net;

import dev.quorate.raft.api.config.ConfigurationException;
import dev.quorate.raft.api.config.Settings;
import java.time.Duration;
import java.util.List;

/**
 * The settings under {@code raft.transport.grpc.}; the package {@code
 * dev.quorate.raft.transport.grpc} documents them.
 *
 * @param sendQueueBytes the bound of what waits for one peer in one lane
 * @param flowControlWindowBytes how much a receiver lets come unread
 * @param connectTimeout the bound of one attempt to connect
 * @param handshakeTimeout the bound of a handshake
 * @param stallTimeout after how long without progress a connection is replaced
 * @param backoffMax the longest pause between two attempts
 * @param maxInbound the bound of accepted connections
 */
public record GrpcSettings(
    long sendQueueBytes,
    int flowControlWindowBytes,
    Duration connectTimeout,
    Duration handshakeTimeout,
    Duration stallTimeout,
    Duration backoffMax,
    int maxInbound) {

  private static final String PREFIX = "raft.transport.grpc.";
  private static final String TLS_PREFIX = PREFIX + "tls.";
  private static final String SEND_QUEUE = PREFIX + "send-queue-bytes";
  private static final String FLOW_CONTROL_WINDOW = PREFIX + "flow-control-window-bytes";
  private static final String CONNECT_TIMEOUT = PREFIX + "connect-timeout";
  private static final String HANDSHAKE_TIMEOUT = PREFIX + "handshake-timeout";
  private static final String STALL_TIMEOUT = PREFIX + "stall-timeout";
  private static final String BACKOFF_MAX = PREFIX + "reconnect-backoff-max";
  private static final String MAX_INBOUND = PREFIX + "max-inbound";
  private static final List<String> KNOWN =
      List.of(
          SEND_QUEUE,
          FLOW_CONTROL_WINDOW,
          CONNECT_TIMEOUT,
          HANDSHAKE_TIMEOUT,
          STALL_TIMEOUT,
          BACKOFF_MAX,
          MAX_INBOUND);

  private static final int KIB = 1024;
  private static final int MIB = 1024 * KIB;
  private static final Duration MINUTE = Duration.ofMinutes(1);

  /**
   * Reads the settings.
   *
   * @param settings all settings of the node
   * @return those of this transport
   */
  public static GrpcSettings from(Settings settings) {
    for (String key : settings.asMap().keySet()) {
      if (key.startsWith(TLS_PREFIX)) {
        throw new ConfigurationException(
            "'" + key + "' is not supported yet: this release sends everything in the clear");
      }
    }
    settings.requireKnown(PREFIX, KNOWN);
    return new GrpcSettings(
        settings.bytes(SEND_QUEUE, 8 * MIB, 64 * KIB, 1024 * MIB),
        (int) settings.bytes(FLOW_CONTROL_WINDOW, 256 * KIB, 64 * KIB, 64 * MIB),
        settings.duration(CONNECT_TIMEOUT, Duration.ofSeconds(1), Duration.ofMillis(50), MINUTE),
        settings.duration(HANDSHAKE_TIMEOUT, Duration.ofSeconds(3), Duration.ofMillis(100), MINUTE),
        settings.duration(STALL_TIMEOUT, Duration.ofMillis(1500), Duration.ofMillis(300), MINUTE),
        settings.duration(BACKOFF_MAX, Duration.ofSeconds(1), Duration.ofMillis(10), MINUTE),
        (int) settings.number(MAX_INBOUND, 64, 1, 10_000));
  }
}
