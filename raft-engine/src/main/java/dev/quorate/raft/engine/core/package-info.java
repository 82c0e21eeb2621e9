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
 *
 * <p>Each file has one concern. {@code RaftCore} is the facade of all, and {@code Roles} has the
 * table of legal transitions between the roles:
 *
 * <ul>
 *   <li>{@code Election}: PreVote and votes; {@code Follower}; {@code Leadership}, with a {@code
 *       Progress} for each peer: replication and CheckQuorum;
 *   <li>{@code RaftLog} and {@code WriteStream}: what goes down, and how much of it is durable;
 *       {@code Quorum}: the arithmetic; {@code Contact}: what answers say about time;
 *   <li>{@code Commands}: who waits for which index; {@code Reads} and {@code StaleReads};
 *   <li>{@code Transfer} and {@code PreferredLeader}: handing over;
 *   <li>{@code Compaction}, {@code Installing} and {@code SnapshotOffers}: snapshots taken, fetched
 *       and offered;
 *   <li>{@code Reconfiguration}: a leader's steps of a change of membership; {@code ChangeCalls}:
 *       who asked for one; {@code Belonging}: whether this node is a member, and telling others;
 *       {@code FeatureLevels}: what versions the members are of.
 * </ul>
 */
package dev.quorate.raft.engine.core;
