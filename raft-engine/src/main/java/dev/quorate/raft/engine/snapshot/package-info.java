/**
 * What a snapshot holds: the engine's part (what the log would say, had it not been compacted, and
 * replicated state of the engine's own) and behind it the state machine's bytes. Where those bytes
 * lie, how they are protected and when they count is the storage's business; who writes and reads
 * them when, the runtime's.
 */
package dev.quorate.raft.engine.snapshot;
