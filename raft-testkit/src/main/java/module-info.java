/**
 * Tests for what is built on Raft: a simulator that puts a state machine through disasters, in
 * virtual time and from a seed, and contracts that every storage and transport passes.
 */
module dev.quorate.raft.testkit {
  requires transitive dev.quorate.raft.api;
  requires dev.quorate.raft.engine;
  requires transitive org.junit.jupiter.api;

  exports dev.quorate.raft.testkit;
  exports dev.quorate.raft.testkit.contract;
  exports dev.quorate.raft.testkit.disk;
  exports dev.quorate.raft.testkit.history;
  exports dev.quorate.raft.testkit.simulation;

  uses dev.quorate.raft.api.storage.StorageProvider;

  // JUnit makes the extension, which is nobody else's business.
  opens dev.quorate.raft.testkit to
      org.junit.platform.commons;

  // The cases are inherited from classes that are not public.
  opens dev.quorate.raft.testkit.contract to
      org.junit.platform.commons;
}
