/**
 * Tests that every plug-in of a kind passes: {@link
 * dev.quorate.raft.testkit.contract.StorageContract} for storages, {@link
 * dev.quorate.raft.testkit.contract.TransportContract} for transports and {@link
 * dev.quorate.raft.testkit.contract.SocketTransportContract} for those over TCP. A plug-in's own
 * test extends one and names its provider. What they demand is what the service provider interfaces
 * in {@link dev.quorate.raft.api.storage} and {@link dev.quorate.raft.api.transport} promise.
 */
package dev.quorate.raft.testkit.contract;
