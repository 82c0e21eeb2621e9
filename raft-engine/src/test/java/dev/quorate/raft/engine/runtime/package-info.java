/** Tests of the node around the core, on a storage and a network in memory. */
package dev.quorate.raft.engine.runtime;
