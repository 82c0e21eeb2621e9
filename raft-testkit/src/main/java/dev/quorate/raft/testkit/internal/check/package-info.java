/**
 * What must hold after every step, judged on durable state and on every message ever sent, and what
 * must be true of a whole run in the end. The invariants have the numbers of docs/verification.md.
 */
package dev.quorate.raft.testkit.internal.check;
