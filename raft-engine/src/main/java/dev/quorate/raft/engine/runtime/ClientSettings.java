package dev.quorate.raft.engine.runtime;

import dev.quorate.raft.api.RaftNode;
import dev.quorate.raft.api.config.ConfigurationException;
import dev.quorate.raft.api.config.Settings;
import dev.quorate.raft.engine.codec.ClientCodec;
import dev.quorate.raft.engine.codec.SessionCodec;
import java.time.Duration;
import java.util.List;

/**
 * The keys of a client outside the cluster, read once and checked together.
 *
 * @param group the group that it speaks to
 * @param maxFrameBytes the longest frame
 * @param maxPendingBytes how many bytes of calls may be under way
 * @param retryBudget how many repetitions there may be at once
 * @param calls what bounds its calls
 */
public record ClientSettings(
    String group, int maxFrameBytes, long maxPendingBytes, int retryBudget, CallSettings calls) {

  static final String MAX_PENDING_BYTES = "raft.client.max-pending-bytes";
  static final String RETRY_BUDGET = "raft.client.retry-budget";

  private static final String PREFIX = "raft.client.";
  private static final List<String> OWN = List.of(MAX_PENDING_BYTES, RETRY_BUDGET);

  /** Keys that mean the same as for a node. */
  private static final List<String> SHARED =
      List.of(
          EngineSettings.TRANSPORT,
          EngineSettings.GROUP,
          EngineSettings.CALL_TIMEOUT,
          EngineSettings.MAX_COMMAND_BYTES,
          EngineSettings.MAX_FRAME_BYTES,
          EngineSettings.MAX_PENDING_CALLS);

  private static final Duration PATIENCE = Duration.ofMillis(1_200);
  private static final long MIB = 1_024 * 1_024;

  /**
   * Reads and checks all keys.
   *
   * @param transport the name of the transport in use, whose keys are its own business
   * @throws ConfigurationException if a key is unknown, a value ill-formed, or values do not fit
   *     together; the message names keys and values
   */
  public static ClientSettings of(Settings settings, String transport) {
    String ofTransport = EngineSettings.TRANSPORT + "." + transport + ".";
    settings.requireKnown(PREFIX, OWN);
    for (String key : settings.asMap().keySet()) {
      if (!key.startsWith(ofTransport) && !key.startsWith(PREFIX) && !SHARED.contains(key)) {
        throw new ConfigurationException(
            "'"
                + key
                + "' is no key of a client, which takes "
                + String.join(", ", SHARED)
                + " and keys that begin with '"
                + PREFIX
                + "' or '"
                + ofTransport
                + "'");
      }
    }
    String group =
        EngineSettings.requireGroupId(settings.text(EngineSettings.GROUP, RaftNode.DEFAULT_GROUP));
    int maxCommand = (int) settings.bytes(EngineSettings.MAX_COMMAND_BYTES, MIB, 1, 64 * MIB);
    int maxFrame =
        (int) settings.bytes(EngineSettings.MAX_FRAME_BYTES, 4 * MIB, 4 * 1_024, 256 * MIB);
    int longest = maxCommand + SessionCodec.COMMAND_OVERHEAD_BYTES + ClientCodec.MAX_OVERHEAD_BYTES;
    if (longest > maxFrame) {
      throw new ConfigurationException(
          EngineSettings.MAX_FRAME_BYTES
              + "="
              + maxFrame
              + " does not fit: it must be at least "
              + longest
              + ", for "
              + EngineSettings.MAX_COMMAND_BYTES
              + "="
              + maxCommand
              + " and what is around it");
    }
    return new ClientSettings(
        group,
        maxFrame,
        settings.bytes(MAX_PENDING_BYTES, 64 * MIB, MIB, 16 * 1_024 * MIB),
        (int) settings.number(RETRY_BUDGET, 1_000, 1, 1_000_000),
        new CallSettings(
            settings.duration(
                EngineSettings.CALL_TIMEOUT,
                Duration.ofSeconds(5),
                Duration.ofMillis(1),
                Duration.ofHours(1)),
            maxCommand,
            (int) settings.number(EngineSettings.MAX_PENDING_CALLS, 10_000, 1, 10_000_000),
            PATIENCE.toNanos()));
  }
}
