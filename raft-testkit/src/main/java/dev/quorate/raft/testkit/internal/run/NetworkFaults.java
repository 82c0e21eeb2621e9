package dev.quorate.raft.testkit.internal.run;

import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.testkit.internal.network.Network;
import dev.quorate.raft.testkit.internal.network.Weather;
import dev.quorate.raft.testkit.internal.node.SimulatedNode;
import dev.quorate.raft.testkit.simulation.Fault;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;

/** What goes wrong between machines. */
final class NetworkFaults implements FaultFamily {

  private static final long MILLI = 1_000_000;
  private static final long KIB = 1_024;

  /** Percent, where refused connections are rare. */
  private static final int REFUSALS = 30;

  private final Network network;
  private final Cluster cluster;

  NetworkFaults(Network network, Cluster cluster) {
    this.network = network;
    this.cluster = cluster;
  }

  /** The weather that disasters bring. */
  static Weather weather(Disasters disasters, RandomGenerator random) {
    int loss = 1 + random.nextInt(10);
    int repetition = 1 + random.nextInt(10);
    int late = 1 + random.nextInt(4);
    int delay = random.nextInt(6);
    int bulkLoss = 1 + random.nextInt(25);
    long bulkDelay = 1 + random.nextLong(250 * MILLI);
    int corrupt = 1 + random.nextInt(4);
    return new Weather(
        loss * disasters.of(Fault.FRAME_LOSS),
        repetition * disasters.of(Fault.FRAME_REPETITION),
        late * disasters.of(Fault.LATE_FRAMES),
        disasters.of(Fault.FRAME_DELAY) > 0 ? 2 * MILLI << delay : MILLI,
        bulkLoss * disasters.of(Fault.SLOW_BULK),
        1 + bulkDelay * disasters.of(Fault.SLOW_BULK),
        corrupt * disasters.of(Fault.CORRUPT_FRAME),
        REFUSALS * disasters.of(Fault.REFUSED_CONNECTION),
        REFUSALS * disasters.of(Fault.LOST_CONNECTION));
  }

  @Override
  public Set<Fault> faults() {
    return EnumSet.of(
        Fault.PARTITION,
        Fault.ONE_WAY_CUT,
        Fault.ISOLATION,
        Fault.ONE_WAY_ISOLATION,
        Fault.BRIDGE,
        Fault.CLOG,
        Fault.OLD_FRAMES,
        Fault.NARROW_LINK,
        Fault.CONNECTION_RESET,
        Fault.CUT_TRANSFER);
  }

  @Override
  public boolean strike(Fault fault, SimulatedNode victim, RandomGenerator random) {
    return switch (fault) {
      case PARTITION -> partition(random);
      case ONE_WAY_CUT -> cut(victim.id(), cluster.any(random).id());
      case ISOLATION -> isolate(victim.id());
      case ONE_WAY_ISOLATION -> isolateOneWay(victim.id(), random.nextBoolean());
      case BRIDGE -> bridge(random);
      case CLOG -> clog(victim.id(), random);
      case OLD_FRAMES -> network.replay(victim.id(), random);
      case NARROW_LINK -> narrow(victim.id(), random);
      case CONNECTION_RESET -> reset(victim.id(), cluster.any(random).id(), random);
      case CUT_TRANSFER -> cutTransfers(random);
      default -> throw new IllegalArgumentException(fault + " is not of the network");
    };
  }

  private boolean cut(NodeId from, NodeId to) {
    network.cut(from, to);
    return true;
  }

  private void cutBoth(NodeId one, NodeId other) {
    network.cut(one, other);
    network.cut(other, one);
  }

  private boolean isolate(NodeId alone) {
    cluster.ids().forEach(other -> cutBoth(alone, other));
    return true;
  }

  private boolean isolateOneWay(NodeId alone, boolean heard) {
    for (NodeId other : cluster.ids()) {
      network.cut(heard ? other : alone, heard ? alone : other);
    }
    return true;
  }

  private boolean partition(RandomGenerator random) {
    return split(shuffled(random), 0, random);
  }

  /** The first of the shuffled nodes belongs to both sides. */
  private boolean bridge(RandomGenerator random) {
    return split(shuffled(random), 1, random);
  }

  private List<NodeId> shuffled(RandomGenerator random) {
    List<NodeId> ids = new ArrayList<>(cluster.ids());
    for (int i = ids.size() - 1; i > 0; i--) {
      Collections.swap(ids, i, random.nextInt(i + 1));
    }
    return ids;
  }

  private boolean split(List<NodeId> ids, int begin, RandomGenerator random) {
    if (ids.size() < begin + 2) {
      return false;
    }
    int middle = begin + random.nextInt(ids.size() - begin);
    for (NodeId left : ids.subList(begin, middle)) {
      for (NodeId right : ids.subList(middle, ids.size())) {
        cutBoth(left, right);
      }
    }
    return middle > begin;
  }

  /** What comes from a node, and half of the time what goes to it too, has little room. */
  private boolean narrow(NodeId slow, RandomGenerator random) {
    long bytesPerSecond = 2 * KIB << random.nextInt(7);
    long queueBytes = KIB << random.nextInt(6);
    boolean bothWays = random.nextBoolean();
    for (NodeId other : cluster.ids()) {
      network.narrow(slow, other, bytesPerSecond, queueBytes);
      if (bothWays) {
        network.narrow(other, slow, bytesPerSecond, queueBytes);
      }
    }
    return true;
  }

  private boolean reset(NodeId one, NodeId other, RandomGenerator random) {
    network.breakInMessage(one, other);
    if (random.nextBoolean()) {
      network.breakInMessage(other, one);
    }
    return true;
  }

  /**
   * The next snapshot that anybody fetches from whomever comes only so far, until it is resumed.
   */
  private boolean cutTransfers(RandomGenerator random) {
    int chunks = random.nextInt(4);
    for (NodeId from : cluster.ids()) {
      cluster.ids().forEach(to -> network.breakAfterChunks(from, to, chunks));
    }
    return true;
  }

  /** What goes to a node, what comes from it, or both, stands still and then arrives after all. */
  private boolean clog(NodeId slow, RandomGenerator random) {
    long nanos = 50 * MILLI << random.nextInt(5);
    nanos += random.nextLong(nanos);
    int directions = 1 + random.nextInt(3);
    for (NodeId other : cluster.ids()) {
      if ((directions & 1) != 0) {
        network.clog(other, slow, nanos);
      }
      if ((directions & 2) != 0) {
        network.clog(slow, other, nanos);
      }
    }
    return cluster.ids().size() > 1;
  }
}
