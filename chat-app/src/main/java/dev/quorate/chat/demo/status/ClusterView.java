package dev.quorate.chat.demo.status;

import dev.quorate.raft.api.Role;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The nodes of the cluster file at about one moment. Members may have been added and removed since.
 *
 * @param nodes in the order of their numbers
 */
public record ClusterView(List<NodeView> nodes) {

  /** Copies the list. */
  public ClusterView {
    nodes = List.copyOf(nodes);
  }

  /** A leader and its term. */
  public record Leader(int node, long term) {}

  /**
   * The node that says it leads, in the highest term of those that do: one that was cut off may
   * take a moment to notice that it does not lead any more.
   */
  public Optional<Leader> leader() {
    return nodes.stream()
        .filter(node -> node.state() == NodeState.ONLINE)
        .flatMap(node -> node.report().stream())
        .filter(report -> report.role() == Role.LEADER)
        .max(Comparator.comparingLong(NodeReport::term))
        .map(report -> new Leader(report.node(), report.term()));
  }

  /** A leader that so many nodes follow that it can commit. */
  public Optional<Leader> acknowledgedLeader() {
    return leader().filter(leader -> followers(leader) >= quorumHere());
  }

  private long followers(Leader leader) {
    return nodes.stream()
        .filter(node -> node.state() == NodeState.ONLINE)
        .flatMap(node -> node.report().stream())
        .filter(report -> report.term() == leader.term())
        .filter(report -> report.leader().orElse(0) == leader.node())
        .count();
  }

  /** How many nodes answer and take part. */
  public int reachable() {
    return (int) nodes.stream().filter(node -> node.state() == NodeState.ONLINE).count();
  }

  /** How many nodes have a vote: those of the file, unless one that works knows better. */
  private int voters() {
    return nodes.stream()
        .filter(node -> node.state() == NodeState.ONLINE)
        .flatMap(node -> node.report().stream())
        .filter(report -> report.voters() > 0)
        .max(Comparator.comparingLong(NodeReport::commit))
        .map(NodeReport::voters)
        .orElse(nodes.size());
  }

  /** How many nodes it takes to decide anything. */
  public int quorum() {
    return voters() / 2 + 1;
  }

  /** How many of these nodes it takes if all voters that are not in the file do their part. */
  private int quorumHere() {
    return quorum() - Math.max(0, voters() - nodes.size());
  }

  /** Why nothing can be decided, in the words that {@code test} and {@code status} use. */
  public Optional<String> trouble() {
    if (reachable() < quorumHere()) {
      return Optional.of(forming().or(this::broken).orElseGet(this::unreachable));
    }
    if (leader().isPresent()) {
      return Optional.empty();
    }
    return Optional.of(
        reachable() < quorum()
            ? "no leader at the moment: %d of %d nodes reachable, %d needed; the cluster file names %d"
                .formatted(reachable(), voters(), quorum(), nodes.size())
            : "no leader at the moment: an election is under way");
  }

  private String unreachable() {
    return "no quorum: %d of %d nodes reachable, %d needed"
        .formatted(reachable(), voters(), quorum());
  }

  /** Nodes that answer and say that they cannot serve are reachable, which is of no help. */
  private Optional<String> broken() {
    return nodes.stream()
        .filter(node -> node.state() == NodeState.FAILED && node.report().isPresent())
        .findFirst()
        .map(
            node ->
                "no quorum: %d of %d nodes can serve, %d needed; node %d says: %s"
                    .formatted(
                        reachable(),
                        voters(),
                        quorum(),
                        node.place().node(),
                        node.note().orElse("nothing")));
  }

  private Optional<String> forming() {
    return nodes.stream()
        .filter(node -> node.report().isPresent())
        .filter(node -> node.report().get().condition() == NodeReport.Condition.FORMING)
        .flatMap(node -> node.note().stream())
        .findFirst();
  }
}
