/** The command {@code raft}: its options, its exit codes, and nothing of what the commands do. */
package dev.quorate.raft.tools.cli;
