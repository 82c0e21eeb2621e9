import dev.quorate.raft.api.transport.TransportProvider;
import dev.quorate.raft.transport.grpc.GrpcTransportProvider;

/** Raft messages as a gRPC service; found under the name {@code grpc}. */
module dev.quorate.raft.transport.grpc {
  requires transitive dev.quorate.raft.api;
  requires io.grpc;
  requires io.grpc.stub;
  requires io.grpc.protobuf;
  requires io.grpc.netty;
  requires io.netty.buffer;
  requires io.netty.codec;
  requires io.netty.common;
  requires io.netty.transport;
  // grpc-netty is an automatic module, and those do not pull real modules into the graph.
  requires io.netty.codec.http2;
  requires com.google.protobuf;
  requires com.google.common;

  exports dev.quorate.raft.transport.grpc;
  // Protobuf reads its generated classes by reflection as soon as one is printed.
  exports dev.quorate.raft.transport.grpc.proto to
      com.google.protobuf;

  provides TransportProvider with
      GrpcTransportProvider;
}
