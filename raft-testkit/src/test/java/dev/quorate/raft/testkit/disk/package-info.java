/** Tests of the simulated disk. */
package dev.quorate.raft.testkit.disk;
