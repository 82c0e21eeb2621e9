package dev.quorate.raft.engine.message;

/**
 * That a leader has nothing to say: all members of its group have all of its log, and nothing is
 * under way.
 *
 * @param term the term in which it leads
 * @param index the last index of the log
 */
public record Quiet(long term, long index) {}
