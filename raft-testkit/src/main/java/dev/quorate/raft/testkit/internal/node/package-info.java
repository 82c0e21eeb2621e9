/**
 * One machine of a run: the node that ships, its process and clocks, its user's state machine, and
 * the disk that outlives it.
 */
package dev.quorate.raft.testkit.internal.node;
