/**
 * A replicated state machine as its user sees it: implement {@link
 * dev.quorate.raft.api.StateMachine}, start a {@link dev.quorate.raft.api.RaftNode}, submit
 * commands and read.
 *
 * <p>Every call ends in a value that says what happened: {@link dev.quorate.raft.api.Outcome} for
 * commands, {@link dev.quorate.raft.api.ReadOutcome} for reads. A future of this package completes
 * exceptionally only for misuse.
 */
package dev.quorate.raft.api;
