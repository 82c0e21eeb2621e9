import dev.quorate.raft.api.transport.TransportProvider;
import dev.quorate.raft.transport.tcp.TcpTransportProvider;

/** Raft messages as framed binary data over sockets; found under the name {@code tcp}. */
module dev.quorate.raft.transport.tcp {
  requires transitive dev.quorate.raft.api;

  exports dev.quorate.raft.transport.tcp;

  provides TransportProvider with
      TcpTransportProvider;
}
