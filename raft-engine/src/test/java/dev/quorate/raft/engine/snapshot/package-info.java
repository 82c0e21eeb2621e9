/** Tests of what a snapshot holds. */
package dev.quorate.raft.engine.snapshot;
