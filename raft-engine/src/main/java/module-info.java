/** The Raft engine: a pure consensus core and the node around it. */
@SuppressWarnings("module") // The test kit and the tools are built after this module.
module dev.quorate.raft.engine {
  requires transitive dev.quorate.raft.api;

  exports dev.quorate.raft.engine;
  exports dev.quorate.raft.engine.client to
      dev.quorate.raft.testkit;
  exports dev.quorate.raft.engine.codec to
      dev.quorate.raft.testkit,
      dev.quorate.raft.tools;
  exports dev.quorate.raft.engine.core to
      dev.quorate.raft.testkit;
  exports dev.quorate.raft.engine.formation to
      dev.quorate.raft.testkit;
  exports dev.quorate.raft.engine.message to
      dev.quorate.raft.testkit,
      dev.quorate.raft.tools;
  exports dev.quorate.raft.engine.runtime to
      dev.quorate.raft.testkit;
  exports dev.quorate.raft.engine.session to
      dev.quorate.raft.testkit;
  exports dev.quorate.raft.engine.snapshot to
      dev.quorate.raft.testkit,
      dev.quorate.raft.tools;

  uses dev.quorate.raft.api.storage.StorageProvider;
  uses dev.quorate.raft.api.transport.TransportProvider;
}
