package dev.quorate.raft.testkit.internal.trace;

import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.ReadOutcome;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Linearizable reads, and the rounds of heartbeats that may confirm them (rule P8). While no read
 * is open, of many rounds only the last is told, and no answers to them.
 */
public final class RecordedReads {

  private final Events events;
  private final Set<Read> open = new HashSet<>();
  private final Map<Long, Rounds> byTerm = new TreeMap<>();
  private long asked;

  /** Where events go. */
  interface Events {
    void add(String name, NodeId id, String more);
  }

  /** What the leader of a term has sent and its followers have answered. */
  private static final class Rounds {
    private final NodeId leader;
    private final Map<NodeId, Long> answered = new TreeMap<>();
    private long sent;
    private long told;

    private Rounds(NodeId leader) {
      this.leader = leader;
    }
  }

  /** A read that has not ended. */
  public final class Read {
    private final NodeId id;
    private final long number = ++asked;

    private Read(NodeId id) {
      this.id = id;
    }

    /** It ends. */
    public void ended(ReadOutcome outcome) {
      if (open.remove(this) && outcome instanceof ReadOutcome.Answered done) {
        long index = Math.max(0, done.index() - ProtocolTrace.FOUNDING);
        events.add("answered", id, "\"read\":%d,\"index\":%d".formatted(number, index));
      }
    }
  }

  RecordedReads(Events events) {
    this.events = events;
  }

  Read asked(NodeId id) {
    byTerm.forEach(this::tell);
    Read read = new Read(id);
    open.add(read);
    events.add("asked", id, "\"read\":%d".formatted(read.number));
    return read;
  }

  /** The process that was asked is gone. */
  void lost(NodeId id) {
    open.removeIf(read -> read.id.equals(id));
  }

  /** A leader sends a round of heartbeats, or one of its messages. */
  void round(NodeId leader, long term, long number) {
    Rounds rounds = byTerm.computeIfAbsent(term, absent -> new Rounds(leader));
    rounds.sent = Math.max(rounds.sent, number);
    if (!open.isEmpty()) {
      tell(term, rounds);
    }
  }

  private void tell(long term, Rounds rounds) {
    if (rounds.sent > rounds.told) {
      rounds.told = rounds.sent;
      events.add("sent", rounds.leader, message("round", term, rounds.sent));
    }
  }

  /** A node answers to a round; to a leader of a lower term it tells its own, and of no round. */
  void heard(NodeId from, long term, long number) {
    if (!open.isEmpty() && number > 0) {
      Map<NodeId, Long> answered = byTerm.get(term).answered;
      if (number > answered.getOrDefault(from, 0L)) {
        answered.put(from, number);
        events.add("sent", from, message("heard", term, number));
      }
    }
  }

  private static String message(String type, long term, long number) {
    return "\"msg\":{\"type\":\"%s\",\"term\":%d,\"round\":%d}".formatted(type, term, number);
  }
}
