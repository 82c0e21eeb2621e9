/** A replicated chat that shows the engine at work. */
module dev.quorate.chat {
  requires dev.quorate.raft.engine;
  requires io.grpc;
  requires io.grpc.stub;
  requires io.grpc.protobuf;
  requires io.grpc.netty;
  // grpc-netty is an automatic module, and those do not pull real modules into the graph.
  requires io.netty.codec.http2;
  requires io.grpc.services;
  requires com.google.protobuf;
  requires com.google.common;
  requires info.picocli;
  requires org.jline.reader;
  requires org.jline.terminal;
  requires jakarta.json;
  requires jakarta.json.bind;
}
