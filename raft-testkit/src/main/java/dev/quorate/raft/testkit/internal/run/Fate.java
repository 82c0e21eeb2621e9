package dev.quorate.raft.testkit.internal.run;

import dev.quorate.raft.testkit.disk.DiskFault;
import dev.quorate.raft.testkit.disk.DiskOperation;
import dev.quorate.raft.testkit.internal.network.Network;
import dev.quorate.raft.testkit.internal.node.SimulatedNode;
import java.util.random.RandomGenerator;

/**
 * What becomes of the nodes that are not healed after the storm: they must not trouble the rest.
 */
enum Fate {
  /** They do not run. */
  DEAD,
  /** They are heard and hear nobody, so that they stand for election again and again. */
  DEAF,
  /** Their disks take long to force anything; one of them may lead. */
  STUCK;

  private static final Fate[] ALL = values();

  static Fate draw(RandomGenerator random) {
    return ALL[random.nextInt(ALL.length)];
  }

  /** It befalls a node that runs. */
  void befalls(SimulatedNode node, Cluster cluster, Network network) {
    if (this == DEAF) {
      cluster.ids().forEach(other -> network.cut(other, node.id()));
    } else if (this == STUCK) {
      node.trouble(
          operation ->
              operation.kind() == DiskOperation.Kind.FORCE ? DiskFault.STALL : DiskFault.NONE);
    }
  }
}
