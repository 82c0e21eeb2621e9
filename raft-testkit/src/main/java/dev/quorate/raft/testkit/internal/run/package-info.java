/**
 * A run: machines, callers and disasters under one seed; first without limit, then healed, when
 * everything must work again.
 */
package dev.quorate.raft.testkit.internal.run;
