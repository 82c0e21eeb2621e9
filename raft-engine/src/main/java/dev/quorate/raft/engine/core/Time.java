package dev.quorate.raft.engine.core;

/**
 * The time of a turn, as it is handed in.
 *
 * @param nanos a monotonic clock with any origin
 * @param wallMillis the wall clock, milliseconds since 1970; only stamped into entries, never
 *     compared
 */
public record Time(long nanos, long wallMillis) {}
