package dev.quorate.raft.transport.grpc;

/** Stands here until the module has its first class; SpotBugs refuses an empty module. */
final class Placeholder {
  private Placeholder() {}
}
