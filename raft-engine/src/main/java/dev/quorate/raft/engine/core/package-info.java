/**
 * Consensus, pure: a deterministic object that is fed by methods and writes what is to be done into
 * {@link dev.quorate.raft.engine.core.Effects}. No thread, clock, file, socket, logger or random
 * source of its own lives here; time and randomness are handed in. What a turn's effects promise:
 *
 * <ol>
 *   <li>{@code sends} without a gate go out at once, so that a leader's own disk and its followers
 *       work at the same time (Ongaro's dissertation, section 10.2.1);
 *   <li>the write is handed to the storage, in order;
 *   <li>{@code sends} with a gate go out when the write of that sequence is durable: everything
 *       that promises durability, requests for votes included;
 *   <li>committed entries are applied in order, and calls are completed.
 * </ol>
 */
package dev.quorate.raft.engine.core;
