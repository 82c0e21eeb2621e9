/**
 * Client sessions as replicated state (Ongaro's dissertation, section 6.3; rules P11 and P12):
 * which there are, which commands of each were applied, and the results that its client has not
 * acknowledged. Pure like {@link dev.quorate.raft.engine.core}: what it comes to depends on nothing
 * but the entries that were applied, and all of it is in snapshots.
 */
package dev.quorate.raft.engine.session;
