package dev.quorate.raft.testkit.internal.run;

import dev.quorate.raft.engine.formation.ListedNode;
import dev.quorate.raft.testkit.internal.network.Network;
import dev.quorate.raft.testkit.internal.network.Weather;
import dev.quorate.raft.testkit.internal.node.SimulatedNode;
import dev.quorate.raft.testkit.internal.trace.Trace;
import dev.quorate.raft.testkit.internal.trace.Trace.Event;
import java.util.List;

/** After the storm: some machines are healed, and the rest is left to its fate. */
record Healing(Cluster cluster, Network network, Trace trace) {

  void heal(List<SimulatedNode> core, Fate fate) {
    String what = "healed: " + core.size() + " nodes; the rest is " + fate;
    trace.add(Event.PHASE, null, core.size(), fate.ordinal(), what);
    network.heal();
    network.weather(Weather.FAIR);
    for (SimulatedNode node : cluster.nodes()) {
      node.calmDown();
      node.version().installHighest();
      boolean heals = core.contains(node);
      boolean runs = heals || fate != Fate.DEAD && cluster.isSound(node);
      boolean fit = node.isServing() && !node.isDoomed() && !node.isHeldUp();
      fit &= node.version().isHighest();
      if (heals && cluster.isFormed() && node.durableEntries() == 0) {
        // It was let in and has nothing of the log: whom it asked may be dead or gone by now.
        node.joinsBy(listed(core, node));
        fit = false;
      }
      if (node.isUp() && !(runs && fit)) {
        node.kill();
      }
      if (runs && !node.isUp()) {
        node.start();
      }
      if (runs && !heals) {
        fate.befalls(node, cluster, network);
      }
    }
  }

  private static List<ListedNode> listed(List<SimulatedNode> nodes, SimulatedNode besides) {
    return nodes.stream().filter(node -> node != besides).map(SimulatedNode::listed).toList();
  }
}
