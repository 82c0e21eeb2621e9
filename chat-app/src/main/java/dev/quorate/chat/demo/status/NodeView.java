package dev.quorate.chat.demo.status;

import dev.quorate.chat.demo.machine.Place;
import dev.quorate.chat.demo.process.NodeProcesses;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * One node, seen from here.
 *
 * @param place where it runs
 * @param state the first thing to know
 * @param report what it said of itself, if it answered
 * @param note what is wrong with it, if there is more to say than its state does
 */
public record NodeView(
    Place place, NodeState state, Optional<NodeReport> report, Optional<String> note) {

  /** A process that is older and has never answered is not starting any more. */
  private static final Duration STARTS_WITHIN = Duration.ofSeconds(20);

  /** Judges by what a node of this machine answered and by its process. */
  static NodeView local(
      Place place,
      Optional<NodeReport> report,
      NodeProcesses.State process,
      Optional<String> lastWords) {
    if (process instanceof NodeProcesses.State.Ended ended) {
      String note =
          "its process ended with exit code "
              + ended.exitCode()
              + lastWords.map(words -> ": " + words).orElse("");
      return new NodeView(place, NodeState.FAILED, Optional.empty(), Optional.of(note));
    }
    if (process instanceof NodeProcesses.State.Running running) {
      if (report.isPresent()) {
        return answered(place, report.get());
      }
      boolean starting = running.age().compareTo(STARTS_WITHIN) < 0;
      return new NodeView(
          place,
          starting ? NodeState.STARTING : NodeState.OFFLINE,
          Optional.empty(),
          starting
              ? Optional.empty()
              : Optional.of("its process " + running.pid() + " runs, but does not answer"));
    }
    return new NodeView(place, NodeState.OFFLINE, Optional.empty(), Optional.empty());
  }

  /** Judges by what a node of the other machine answered; there is nothing else to go by. */
  static NodeView remote(Place place, Optional<NodeReport> report) {
    return report
        .map(answer -> answered(place, answer))
        .orElseGet(
            () -> new NodeView(place, NodeState.OFFLINE, Optional.empty(), Optional.empty()));
  }

  private static NodeView answered(Place place, NodeReport report) {
    if (report.node() != place.node()) {
      String note = "node " + report.node() + " answers at " + place.chatAddress();
      return new NodeView(place, NodeState.FAILED, Optional.empty(), Optional.of(note));
    }
    return switch (report.condition()) {
      case WORKING ->
          new NodeView(
              place,
              NodeState.ONLINE,
              Optional.of(report),
              Optional.of(report.message()).filter(trouble -> !trouble.isEmpty()));
      case FORMING ->
          new NodeView(place, NodeState.STARTING, Optional.of(report), Optional.of(waits(report)));
      case NOT_A_MEMBER, DEGRADED ->
          new NodeView(place, NodeState.FAILED, Optional.of(report), Optional.of(report.message()));
      case CLOSED ->
          new NodeView(place, NodeState.OFFLINE, Optional.empty(), Optional.of("it is ending"));
    };
  }

  private static String waits(NodeReport report) {
    if (report.missing().isEmpty()) {
      return "the cluster is being formed";
    }
    String missing =
        report.missing().stream().map(String::valueOf).collect(Collectors.joining(", "));
    return "the cluster forms once all nodes have answered; it waits for " + missing;
  }
}
