/** Raft messages as framed binary data over sockets. */
module dev.quorate.raft.transport.tcp {
  requires dev.quorate.raft.api;
}
