/** What a node measures, as an MBean. */
module dev.quorate.raft.metrics.jmx {
  requires transitive dev.quorate.raft.api;
  requires transitive java.management;

  exports dev.quorate.raft.metrics.jmx;
}
