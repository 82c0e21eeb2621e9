package dev.quorate.chat.demo.machine;

import dev.quorate.chat.cluster.ClusterFile;
import dev.quorate.chat.cluster.ClusterNode;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Who runs where.
 *
 * @param machine 1 or 2, or 0 when all nodes run on one machine
 * @param cluster the cluster file with the addresses that hold in this run
 * @param places a place for every node of it, in its order
 */
public record Layout(int machine, ClusterFile cluster, List<Place> places) {
  /** So many nodes, the first of the file, run on machine 1; the others on machine 2. */
  private static final int ON_MACHINE_1 = 2;

  /** Copies the list. */
  public Layout {
    places = List.copyOf(places);
  }

  /** All nodes here, at the addresses of the file. */
  public static Layout oneMachine(ClusterFile cluster) {
    return of(0, cluster, cluster.nodes().stream().map(ClusterNode::id).toList());
  }

  /** Half of the nodes here, the other half there; the file's own hosts do not count. */
  public static Layout twoMachines(
      ClusterFile cluster, int machine, String localHost, String peerHost) {
    List<ClusterNode> nodes = cluster.nodes();
    List<Integer> here =
        IntStream.range(0, nodes.size())
            .filter(i -> (i < ON_MACHINE_1) == (machine == 1))
            .mapToObj(i -> nodes.get(i).id())
            .toList();
    ClusterFile placed =
        cluster.withNodes(
            nodes.stream()
                .map(node -> node.at(here.contains(node.id()) ? localHost : peerHost))
                .toList());
    return of(machine, placed, here);
  }

  private static Layout of(int machine, ClusterFile cluster, List<Integer> here) {
    return new Layout(
        machine,
        cluster,
        cluster.nodes().stream()
            .map(
                node ->
                    new Place(
                        node.id(),
                        here.contains(node.id()),
                        node.host(),
                        node.chatPort(),
                        node.raftPort()))
            .toList());
  }

  /** The nodes that run here. */
  public List<Place> local() {
    return places.stream().filter(Place::local).toList();
  }

  /** The nodes that run on the other machine. */
  public List<Place> remote() {
    return places.stream().filter(place -> !place.local()).toList();
  }

  /** The place of a node that exists. */
  public Place place(int node) {
    return places.stream()
        .filter(place -> place.node() == node)
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no node " + node));
  }

  /** All nodes' numbers. */
  public SortedSet<Integer> numbers() {
    return places.stream().map(Place::node).collect(Collectors.toCollection(TreeSet::new));
  }
}
