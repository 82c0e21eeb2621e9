/**
 * What users and plug-in authors of the Raft library compile against: the node as its user sees it,
 * the state machine contract, configuration, and the two service provider interfaces, transport and
 * storage. It has no dependency besides {@code java.base} and no implementation of consensus.
 */
module dev.quorate.raft.api {
  exports dev.quorate.raft.api;
  exports dev.quorate.raft.api.config;
  exports dev.quorate.raft.api.metrics;
  exports dev.quorate.raft.api.state;
  exports dev.quorate.raft.api.storage;
  exports dev.quorate.raft.api.transport;
}
