/** The Raft engine: a pure consensus core and the node around it. */
module dev.quorate.raft.engine {
  requires transitive dev.quorate.raft.api;

  exports dev.quorate.raft.engine;

  uses dev.quorate.raft.api.storage.StorageProvider;
  uses dev.quorate.raft.api.transport.TransportProvider;
}
