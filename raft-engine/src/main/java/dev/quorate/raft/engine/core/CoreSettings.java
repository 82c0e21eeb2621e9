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
 */
public record CoreSettings(
    long heartbeatNanos,
    long electionMinNanos,
    long electionMaxNanos,
    int maxBatchBytes,
    long maxInFlightBytes,
    long maxUncommittedBytes,
    int maxWaitingCalls,
    long cacheBytes) {}
