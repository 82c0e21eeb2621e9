/** Raft messages as a gRPC service. */
module dev.quorate.raft.transport.grpc {
  requires dev.quorate.raft.api;
  requires io.grpc;
  requires io.grpc.stub;
  requires io.grpc.protobuf;
  requires io.grpc.netty;
  // grpc-netty is an automatic module, and those do not pull real modules into the graph.
  requires io.netty.codec.http2;
  requires com.google.protobuf;
  requires com.google.common;
}
