/**
 * A small deterministic simulation: members of a group in virtual time, a network that loses,
 * repeats and reorders, disks that forget what was not forced, and invariants that are judged after
 * every step on durable state and on every message ever sent. One seed decides everything.
 */
package dev.quorate.raft.engine.sim;
