/**
 * The words that a {@linkplain dev.quorate.raft.testkit.Simulation simulation} and its user share:
 * which faults there are, what callers ask, what came of a run.
 */
package dev.quorate.raft.testkit.simulation;
