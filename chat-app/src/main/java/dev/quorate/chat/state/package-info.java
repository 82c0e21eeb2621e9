/**
 * The chat as a replicated state machine: all of it in memory, pure and deterministic. It knows no
 * clock, no randomness, no file and no thread, and iterates over nothing whose order could differ
 * between two JVMs; time comes from the leader's stamps. {@link dev.quorate.chat.state.ChatState}
 * is the front door; behind it each matter has a class of its own. {@link
 * dev.quorate.chat.state.StateImage} is all of it at a moment, for snapshots.
 */
package dev.quorate.chat.state;
