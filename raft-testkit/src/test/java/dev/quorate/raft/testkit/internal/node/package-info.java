/** Tests of the simulated machines. */
package dev.quorate.raft.testkit.internal.node;
