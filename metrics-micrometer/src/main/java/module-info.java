/** What a node measures, in a Micrometer registry. */
@SuppressWarnings("requires-transitive-automatic") // Micrometer has no module descriptor.
module dev.quorate.raft.metrics.micrometer {
  requires transitive dev.quorate.raft.api;
  requires transitive micrometer.core;

  exports dev.quorate.raft.metrics.micrometer;
}
