/** Tests of what the simulated disks are held to. */
package dev.quorate.raft.testkit.internal.storage;
