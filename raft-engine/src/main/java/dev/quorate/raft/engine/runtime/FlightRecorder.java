package dev.quorate.raft.engine.runtime;

import dev.quorate.raft.api.NodeCondition;
import dev.quorate.raft.api.NodeEvent;
import dev.quorate.raft.api.NodeEvent.Kind;
import dev.quorate.raft.api.NodeId;
import java.lang.System.Logger.Level;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The last events of a group on this node, oldest first; older ones are forgotten. When the node
 * degrades for the first time they go to the log, because whoever asks later may ask a node that
 * was restarted.
 */
final class FlightRecorder {

  private final NodeId self;
  private final int max;
  private final System.Logger log;
  private final ArrayDeque<NodeEvent> events = new ArrayDeque<>();
  private boolean dumped;

  FlightRecorder(NodeId self, int max, System.Logger log) {
    this.self = self;
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

  /** Writes all events to the log, once. */
  void dump(NodeCondition.Degraded condition) {
    if (!dumped) {
      dumped = true;
      log.log(
          Level.WARNING,
          () ->
              "node "
                  + self
                  + " is degraded ("
                  + condition.message()
                  + "); what happened before:\n  "
                  + events().stream().map(NodeEvent::toString).collect(Collectors.joining("\n  ")));
    }
  }
}
