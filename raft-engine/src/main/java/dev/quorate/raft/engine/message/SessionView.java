package dev.quorate.raft.engine.message;

/**
 * What a client is told of its session.
 *
 * @param timeoutMillis after how much cluster time without a request it expires
 * @param maxResults how many results are kept for it
 * @param lastSequence the place of the last command that was applied, or 0
 * @param acknowledged up to where results are not kept any more, or 0
 */
public record SessionView(
    long timeoutMillis, int maxResults, long lastSequence, long acknowledged) {}
