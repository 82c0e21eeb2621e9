/** Virtual time and the split streams of randomness: what happens when, decided by one seed. */
package dev.quorate.raft.testkit.internal.time;
