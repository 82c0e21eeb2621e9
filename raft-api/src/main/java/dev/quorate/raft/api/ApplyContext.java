package dev.quorate.raft.api;

/**
 * Where a command stands in the log, and the stamps its leader gave it. All parts are the same on
 * every node.
 *
 * @param index the log index, at least 1, rising from one call to the next (with gaps: entries of
 *     the library's own are not shown)
 * @param term the term in which a leader appended the command
 * @param wallTimeMillis the leader's wall clock when it appended the command, in milliseconds since
 *     1970; for showing to people, not promised to be monotone
 * @param clusterTimeMillis the cluster's own time: milliseconds that never go back from one entry
 *     to the next and pass at the rate of the leader's monotonic clock; for expiry
 */
public record ApplyContext(long index, long term, long wallTimeMillis, long clusterTimeMillis) {}
