/** The checks of a run must fail where a history is wrong. */
package dev.quorate.raft.testkit.internal.check;
