/**
 * Tests for what is built on Raft: a simulator that puts a state machine through disasters, in
 * virtual time and from a seed.
 */
module dev.quorate.raft.testkit {
  requires transitive dev.quorate.raft.api;
  requires dev.quorate.raft.engine;

  exports dev.quorate.raft.testkit.disk;
  exports dev.quorate.raft.testkit.history;
}
