package dev.quorate.raft.engine.runtime;

import dev.quorate.raft.engine.core.Effects;
import dev.quorate.raft.engine.message.Message.HeartbeatResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Messages that promise something which is not durable yet. Each waits for the write it names and
 * not for those behind it: a heartbeat's response waits for its term only, however slow the force
 * of the entries after it is (rule P16). Messages of one gate keep their order.
 */
final class GatedSends {

  private final SortedMap<Long, List<Effects.Send>> waiting = new TreeMap<>();
  private long durable;

  /** Whether a message may go out now; if not, it is kept. */
  boolean pass(Effects.Send send) {
    if (send.afterWrite() <= durable) {
      return true;
    }
    List<Effects.Send> behind =
        waiting.computeIfAbsent(send.afterWrite(), sequence -> new ArrayList<>());
    if (send.message() instanceof HeartbeatResponse response) {
      behind.removeIf(other -> isOutdone(other, send, response));
    }
    behind.add(send);
    return false;
  }

  /** Heartbeats go on while a force hangs; the newest response says what those before it said. */
  private static boolean isOutdone(
      Effects.Send other, Effects.Send send, HeartbeatResponse response) {
    return other.message() instanceof HeartbeatResponse before
        && other.to().equals(send.to())
        && other.toIncarnation() == send.toIncarnation()
        && before.term() == response.term()
        && before.round() <= response.round();
  }

  /** All writes up to that sequence are durable: the messages that waited for them, in order. */
  List<Effects.Send> release(long sequence) {
    durable = Math.max(durable, sequence);
    if (waiting.isEmpty()) {
      return List.of();
    }
    SortedMap<Long, List<Effects.Send>> open = waiting.headMap(durable + 1);
    List<Effects.Send> released = new ArrayList<>();
    open.values().forEach(released::addAll);
    open.clear();
    return released;
  }

  /** Nothing that waits is ever sent. */
  void clear() {
    waiting.clear();
  }
}
