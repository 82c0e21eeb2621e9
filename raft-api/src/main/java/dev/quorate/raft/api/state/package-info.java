/**
 * Help for state machines that take snapshots. {@link dev.quorate.raft.api.StateMachine#capture}
 * must be quick, and what it captures must stay as it is while further commands are applied. For a
 * state that is a map, {@link dev.quorate.raft.api.state.PersistentMap} is captured by keeping a
 * reference and written by {@link dev.quorate.raft.api.state.MapSnapshot}; a state that lies in
 * files is captured and written by {@link dev.quorate.raft.api.state.DirectorySnapshot}.
 */
package dev.quorate.raft.api.state;
