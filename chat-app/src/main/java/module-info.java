/** A replicated chat that shows the engine at work. */
module dev.quorate.chat {
  requires java.logging;
  requires dev.quorate.raft.engine;
  requires io.grpc;
  requires io.grpc.stub;
  requires io.grpc.protobuf;
  requires io.grpc.netty;
  // grpc-netty is an automatic module, and those do not pull real modules into the graph.
  requires io.netty.codec.http2;
  requires io.netty.common;
  requires io.netty.transport;
  requires io.grpc.services;
  requires com.google.protobuf;
  requires com.google.common;
  requires info.picocli;
  requires org.jline.reader;
  requires org.jline.terminal;
  requires jakarta.json;
  requires jakarta.json.bind;

  uses dev.quorate.raft.api.storage.StorageProvider;
  uses dev.quorate.raft.api.transport.TransportProvider;

  // Protobuf reads its messages by reflection as soon as one is printed.
  exports dev.quorate.chat.proto to
      com.google.protobuf;

  // Yasson looks records up publicly, so that opening to it alone would not do.
  opens dev.quorate.chat.cluster;
  opens dev.quorate.chat.command;
  opens dev.quorate.chat.query;
  opens dev.quorate.chat.result;

  // Picocli sets the options.
  opens dev.quorate.chat.cli to
      info.picocli;
  opens dev.quorate.chat.demo to
      info.picocli;
  opens dev.quorate.chat.member to
      info.picocli;
  opens dev.quorate.chat.node to
      info.picocli;
}
