/**
 * Draws what happened in a run, for people who would rather look: a space-time diagram as Lamport
 * drew them ("Time, Clocks, and the Ordering of Events", 1978), a lane for each node and a line for
 * each message, in one HTML page that needs nothing else.
 */
package dev.quorate.raft.testkit.internal.diagram;
