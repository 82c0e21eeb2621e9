/** Tests of the simulated links. */
package dev.quorate.raft.testkit.internal.network;
