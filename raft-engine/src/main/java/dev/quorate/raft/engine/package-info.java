/**
 * Where a user of the engine begins: {@link dev.quorate.raft.engine.Raft#node(String)} describes a
 * node and starts it, {@link dev.quorate.raft.engine.Raft#host(String)} a host of many groups.
 * Everything else a user needs is in {@code dev.quorate.raft.api}.
 */
package dev.quorate.raft.engine;
