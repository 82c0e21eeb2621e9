package dev.quorate.raft.engine;

import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.config.ConfigurationException;
import dev.quorate.raft.engine.runtime.EngineSettings;
import dev.quorate.raft.engine.runtime.HostOptions;
import dev.quorate.raft.engine.runtime.LocalHost;
import dev.quorate.raft.engine.runtime.ThreadedEnvironment;
import java.io.IOException;

/**
 * Describes a host of many groups and opens it. Cluster and data directory are required; all else
 * has defaults. The list of nodes is that of the hosts: a group begins with all of them unless it
 * names some ({@link RaftGroupBuilder#members(String...)}). Settings are those of every group,
 * unless a group has its own; metrics are those of the host's disk. Not for several threads at a
 * time.
 */
public final class RaftHostBuilder extends HostDescription<RaftHostBuilder> {

  RaftHostBuilder(NodeId id) {
    super(id);
  }

  @Override
  RaftHostBuilder self() {
    return this;
  }

  @Override
  HostOptions describe() {
    HostOptions options = super.describe();
    EngineSettings.requireOfHost(options.settings());
    return options;
  }

  /**
   * Opens the host. It listens when this returns, and has no group yet.
   *
   * @return the host, to be closed some day
   * @throws ConfigurationException if something required is missing, or a setting is unknown,
   *     ill-formed or does not fit the others
   * @throws IOException if the directory cannot be used or the address not be bound: another
   *     process uses the directory, it is another node's, this process may not use it, a newer
   *     version wrote it, or the file with the disk's identity, without which this is nobody, is
   *     damaged or cannot be read or written. The message names the file; nothing is left then
   */
  public RaftHost start() throws IOException {
    HostOptions options = describe();
    ThreadedEnvironment environment = new ThreadedEnvironment(options.id().value());
    boolean started = false;
    try {
      LocalHost host = LocalHost.open(options, environment);
      started = true;
      return new RaftHost(host);
    } finally {
      if (!started) {
        environment.shutDown(() -> {});
      }
    }
  }
}
