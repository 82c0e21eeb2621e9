/** What happened in a run, as a number to compare runs by, and as lines that a person reads. */
package dev.quorate.raft.testkit.internal.trace;
