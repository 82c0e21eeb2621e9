/** Raft messages as a gRPC service. */
package dev.quorate.raft.transport.grpc;
