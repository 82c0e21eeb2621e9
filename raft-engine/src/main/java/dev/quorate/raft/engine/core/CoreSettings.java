package dev.quorate.raft.engine.core;

/**
 * The times and bounds of the core, validated where they are read.
 *
 * @param heartbeatNanos how often a leader is heard of
 * @param electionMinNanos the shortest election timeout; also how long a leader is stuck to
 * @param electionMaxNanos the longest election timeout; a leader without a quorum for that long
 *     steps down
 * @param maxBatchBytes when to stop adding entries to one message, encoded bytes
 * @param maxInFlightBytes how many bytes of entries may be under way to one peer
 * @param maxUncommittedBytes how many bytes of commands may wait for being committed and applied
 * @param maxWaitingCalls how many commands may wait for a leader, and how many reads for
 *     confirmation
 * @param cacheBytes how many bytes of entries are kept in memory at least while they are there
 * @param maxUnforcedBytes how many bytes of commands may be on their way to the own disk, counted
 *     as {@link dev.quorate.raft.api.storage.Storage#reserveBytes} counts them: what the storage
 *     still takes when it runs out of space meanwhile (rule P5)
 */
public record CoreSettings(
    long heartbeatNanos,
    long electionMinNanos,
    long electionMaxNanos,
    int maxBatchBytes,
    long maxInFlightBytes,
    long maxUncommittedBytes,
    int maxWaitingCalls,
    long cacheBytes,
    long maxUnforcedBytes) {

  /**
   * The same with the bounds that a storage's reserve sets. What is under way to a peer is kept to
   * half of it, so that followers, who have a storage of the same kind, have room for what comes.
   */
  public CoreSettings within(long reserveBytes) {
    return new CoreSettings(
        heartbeatNanos,
        electionMinNanos,
        electionMaxNanos,
        maxBatchBytes,
        Math.min(maxInFlightBytes, reserveBytes / 2),
        maxUncommittedBytes,
        maxWaitingCalls,
        cacheBytes,
        Math.min(maxUnforcedBytes, reserveBytes));
  }
}
