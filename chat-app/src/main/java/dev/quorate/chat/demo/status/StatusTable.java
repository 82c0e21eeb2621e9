package dev.quorate.chat.demo.status;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Draws the cluster as a table with what is wrong below it. */
public final class StatusTable {
  private static final List<String> HEADINGS =
      List.of(
          "Node",
          "Status",
          "Where",
          "Chat address",
          "Raft address",
          "Role",
          "Term",
          "Commit",
          "Applied");

  /** From here on columns hold numbers and are set flush right. */
  private static final int FIRST_NUMBER = 6;

  private static final String NONE = "–";

  private StatusTable() {}

  /** The lines of the table, without trailing blanks. */
  public static List<String> render(ClusterView view) {
    Optional<ClusterView.Leader> leader = view.leader();
    List<List<String>> rows = new ArrayList<>();
    rows.add(HEADINGS);
    for (NodeView node : view.nodes()) {
      rows.add(cells(node, leader));
    }
    List<String> lines = new ArrayList<>(align(rows));
    lines.add(
        leader
            .map(found -> "Leader: node " + found.node() + " in term " + found.term() + ".")
            .orElse("Leader: none."));
    view.trouble().ifPresent(trouble -> lines.add("Attention: " + trouble + "."));
    lines.addAll(notes(view.nodes().stream()));
    return lines;
  }

  private static List<String> cells(NodeView node, Optional<ClusterView.Leader> leader) {
    return List.of(
        Integer.toString(node.place().node()),
        node.state().label(),
        node.place().local() ? "Local" : "Remote",
        node.place().chatAddress(),
        node.place().raftAddress(),
        role(node, leader),
        number(node, NodeReport::term),
        number(node, NodeReport::commit),
        number(node, NodeReport::applied));
  }

  private static String role(NodeView node, Optional<ClusterView.Leader> leader) {
    if (node.report().isEmpty() || node.state() != NodeState.ONLINE) {
      return NONE;
    }
    if (leader.isPresent() && leader.get().node() == node.place().node()) {
      return "★ leader";
    }
    return switch (node.report().get().role()) {
      // In an older term than the leader's: it has not heard of its successor yet.
      case LEADER -> "former leader";
      case PRE_CANDIDATE, CANDIDATE -> "candidate";
      case FOLLOWER, LEARNER -> node.report().get().role().name().toLowerCase(Locale.ROOT);
    };
  }

  private static String number(NodeView node, ToLongFunction<NodeReport> field) {
    return node.report().map(report -> Long.toString(field.applyAsLong(report))).orElse(NONE);
  }

  private static List<String> align(List<List<String>> rows) {
    int[] widths = new int[HEADINGS.size()];
    for (List<String> row : rows) {
      for (int column = 0; column < widths.length; column++) {
        widths[column] = Math.max(widths[column], row.get(column).length());
      }
    }
    List<String> lines = new ArrayList<>();
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int column = 0; column < widths.length; column++) {
        String cell = row.get(column);
        String padding = " ".repeat(widths[column] - cell.length());
        line.append(column < FIRST_NUMBER ? cell + padding : padding + cell).append("  ");
      }
      lines.add(line.toString().stripTrailing());
    }
    return lines;
  }

  /** What is wrong with the nodes that cannot do their work. */
  public static List<String> failures(ClusterView view) {
    return notes(view.nodes().stream().filter(node -> node.state() == NodeState.FAILED));
  }

  /** Says once what several nodes say. */
  private static List<String> notes(Stream<NodeView> nodes) {
    Map<String, List<String>> nodesOfNote = new LinkedHashMap<>();
    nodes.forEach(
        node ->
            node.note()
                .ifPresent(
                    note ->
                        nodesOfNote
                            .computeIfAbsent(note, unused -> new ArrayList<>())
                            .add(Integer.toString(node.place().node()))));
    return nodesOfNote.entrySet().stream()
        .map(
            entry ->
                (entry.getValue().size() == 1 ? "Node " : "Nodes ")
                    + entry.getValue().stream().collect(Collectors.joining(", "))
                    + ": "
                    + entry.getKey())
        .toList();
  }
}
