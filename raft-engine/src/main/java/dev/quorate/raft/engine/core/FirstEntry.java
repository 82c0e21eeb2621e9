package dev.quorate.raft.engine.core;

import dev.quorate.raft.api.storage.LogEntry;
import dev.quorate.raft.engine.codec.ConfigurationCodec;
import dev.quorate.raft.engine.message.ClusterId;
import dev.quorate.raft.engine.message.Configuration;
import java.util.List;

/**
 * How the cluster began, as a node with an empty disk is told (rule P1). A cluster that was forced
 * out of one that lost its majority has another id than its first entry says, and what is left of
 * that one must not begin here: such a node is told of a first entry that names the new id and
 * nobody but this node, which has a log and never asks.
 */
final class FirstEntry {

  private final LogEntry bootstrap;
  private final NodeState state;

  FirstEntry(LogEntry bootstrap, NodeState state) {
    this.bootstrap = bootstrap;
    this.state = state;
  }

  LogEntry told() {
    ClusterId id = state.configuration().clusterId();
    return RaftLog.read(bootstrap).clusterId().equals(id)
        ? bootstrap
        : state
            .configuration()
            .member(state.self().key())
            .map(self -> Configuration.ofVoters(id, List.of(self)))
            .map(
                alone ->
                    LogEntry.of(
                        LogEntry.Type.CONFIGURATION,
                        bootstrap.index(),
                        bootstrap.term(),
                        bootstrap.clusterTimeMillis(),
                        bootstrap.wallTimeMillis(),
                        ConfigurationCodec.encode(alone)))
            .orElse(bootstrap);
  }
}
