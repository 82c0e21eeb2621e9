package dev.quorate.raft.testkit.internal.node;

import dev.quorate.raft.api.Address;
import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.RaftClient;
import dev.quorate.raft.api.config.Settings;
import dev.quorate.raft.engine.runtime.ClientOptions;
import dev.quorate.raft.engine.runtime.RemoteClient;
import dev.quorate.raft.testkit.disk.SimulatedCrash;
import dev.quorate.raft.testkit.internal.network.ClientNetwork;
import dev.quorate.raft.testkit.internal.time.Agenda;
import dev.quorate.raft.testkit.internal.time.NodeClock;
import dev.quorate.raft.testkit.internal.time.Randomness;
import java.util.List;
import java.util.Map;

/** A client outside the cluster, in a process of its own that does not end. */
public final class OutsideClient {

  /** What must be as it is at the nodes. */
  private static final List<String> SHARED_KEYS =
      List.of("raft.max-command-bytes", "raft.max-frame-bytes", "raft.group");

  private final RaftClient client;

  /**
   * Starts a client.
   *
   * @param near the machine beside it
   * @param nodes where it looks for the cluster
   * @param nodeSettings the settings of the nodes
   */
  public OutsideClient(
      Agenda agenda,
      ClientNetwork network,
      NodeId near,
      List<Address> nodes,
      Settings nodeSettings,
      Randomness randomness) {
    SimulatedProcess process =
        new SimulatedProcess(agenda, new NodeClock(agenda, 0, 0), randomness, new WithoutDisk());
    this.client =
        RemoteClient.start(
            new ClientOptions(
                near + "'s client",
                "simulation",
                nodes,
                network.transport(near, process::letOut, process::enter),
                settings(nodeSettings)),
            process);
  }

  private static Settings settings(Settings ofNodes) {
    Settings settings = Settings.empty();
    for (Map.Entry<String, String> entry : ofNodes.asMap().entrySet()) {
      if (SHARED_KEYS.contains(entry.getKey())) {
        settings = settings.with(entry.getKey(), entry.getValue());
      }
    }
    return settings;
  }

  /** The client itself. */
  public RaftClient calls() {
    return client;
  }

  private static final class WithoutDisk implements SimulatedProcess.Owner {
    @Override
    public void turned() {
      // Nothing of a client is judged but its answers.
    }

    @Override
    public void crashed(SimulatedCrash crash) {
      throw new AssertionError("a client has no disk", crash);
    }

    @Override
    public void late() {
      throw new AssertionError("a client's turns are never late");
    }

    @Override
    public long takeStallNanos() {
      return 0;
    }
  }
}
