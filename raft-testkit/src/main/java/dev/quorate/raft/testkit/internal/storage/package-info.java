/**
 * What a node's storage promised, kept beside the storage itself: a model of the stream of batches
 * that went down, how much of it was forced, and the check that after every crash the storage comes
 * back with a prefix of it that has all that was forced (I19).
 */
package dev.quorate.raft.testkit.internal.storage;
