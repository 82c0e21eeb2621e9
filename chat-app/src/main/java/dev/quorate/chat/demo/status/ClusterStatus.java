package dev.quorate.chat.demo.status;

import dev.quorate.chat.demo.machine.Place;
import dev.quorate.chat.demo.process.NodeProcesses;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntFunction;

/**
 * Looks at all nodes at once.
 *
 * <p>It looks when it is asked and remembers nothing: a table that people act on must not be older
 * than the command that shows it.
 */
public final class ClusterStatus implements AutoCloseable {
  /**
   * How long a node may take to answer. A stopped process refuses the connection at once; only a
   * machine that is cut off makes anybody wait this long.
   */
  private static final Duration DEADLINE = Duration.ofMillis(1200);

  private final List<Probed> nodes;
  private final IntFunction<NodeProcesses.State> processes;
  private final IntFunction<Optional<String>> lastWords;

  /** A node and the probe that goes with it. */
  private record Probed(Place place, NodeProbe probe) {}

  /**
   * Connects to nothing yet.
   *
   * @param processes what is known about the process of a local node
   * @param lastWords what the process of a local node said last, outside its log
   */
  public ClusterStatus(
      List<Place> places,
      NodeProbe.Factory probes,
      IntFunction<NodeProcesses.State> processes,
      IntFunction<Optional<String>> lastWords) {
    this.nodes = places.stream().map(place -> new Probed(place, probes.of(place))).toList();
    this.processes = processes;
    this.lastWords = lastWords;
  }

  /** Asks every node, and waits for all answers or the deadline. */
  public ClusterView look() {
    List<CompletableFuture<Optional<NodeReport>>> answers = new ArrayList<>();
    for (Probed node : nodes) {
      answers.add(
          node.probe().ask(DEADLINE).handle((report, failure) -> Optional.ofNullable(report)));
    }
    List<NodeView> views = new ArrayList<>();
    for (int i = 0; i < answers.size(); i++) {
      views.add(judge(nodes.get(i).place(), answers.get(i).join()));
    }
    return new ClusterView(views);
  }

  /** Asks one node only. */
  public NodeView look(int node) {
    Probed asked =
        nodes.stream()
            .filter(probed -> probed.place().node() == node)
            .findFirst()
            .orElseThrow(() -> new IllegalArgumentException("no node " + node));
    return judge(
        asked.place(),
        asked
            .probe()
            .ask(DEADLINE)
            .handle((report, failure) -> Optional.ofNullable(report))
            .join());
  }

  private NodeView judge(Place place, Optional<NodeReport> report) {
    int node = place.node();
    return place.local()
        ? NodeView.local(place, report, processes.apply(node), lastWords.apply(node))
        : NodeView.remote(place, report);
  }

  @Override
  public void close() {
    nodes.forEach(node -> node.probe().close());
  }
}
