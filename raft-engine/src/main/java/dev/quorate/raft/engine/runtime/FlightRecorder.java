package dev.quorate.raft.engine.runtime;

import dev.quorate.raft.api.NodeEvent;
import dev.quorate.raft.api.NodeEvent.Kind;
import java.lang.System.Logger.Level;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The last events of a group on this node, oldest first; older ones are forgotten. When the node
 * degrades for the first time they go to the log, behind the reason, because whoever asks later may
 * ask a node that was restarted.
 */
final class FlightRecorder {

  private final String node;
  private final int max;
  private final System.Logger log;
  private final ArrayDeque<NodeEvent> events = new ArrayDeque<>();
  private boolean dumped;

  FlightRecorder(String node, int max, System.Logger log) {
    this.node = node;
    this.max = max;
    this.log = log;
  }

  synchronized void record(long wallMillis, Kind kind, long term, String message) {
    if (events.size() == max) {
      events.remove();
    }
    events.add(new NodeEvent(Instant.ofEpochMilli(wallMillis), kind, term, message));
  }

  /** The events, oldest first. For any thread. */
  synchronized List<NodeEvent> events() {
    return List.copyOf(events);
  }

  /** Writes all events to the log, once, if there are any. */
  void dump() {
    List<NodeEvent> before = events();
    if (!dumped && !before.isEmpty()) {
      dumped = true;
      log.log(
          Level.WARNING,
          () ->
              "what happened at "
                  + node
                  + " before:\n  "
                  + before.stream().map(NodeEvent::toString).collect(Collectors.joining("\n  ")));
    }
  }
}
