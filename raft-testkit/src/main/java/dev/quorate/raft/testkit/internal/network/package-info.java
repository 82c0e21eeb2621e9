/** A network that delays, loses, repeats and reorders frames, and whose links can be cut. */
package dev.quorate.raft.testkit.internal.network;
