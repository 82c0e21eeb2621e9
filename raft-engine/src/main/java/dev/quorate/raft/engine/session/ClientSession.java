package dev.quorate.raft.engine.session;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;

/**
 * One client's session. The results of all commands after {@code acknowledged} are kept, in their
 * order; a place up to {@code lastSequence} without one was skipped.
 */
final class ClientSession {

  private final long id;
  private final ArrayDeque<KeptResult> results;
  private long lastActiveMillis;
  private long acknowledged;
  private long lastSequence;
  private long resultBytes;

  /** A session that begins. */
  ClientSession(long id, long lastActiveMillis) {
    this(id, lastActiveMillis, 0, 0, List.of());
  }

  /**
   * A session as it was.
   *
   * @param kept the results that are not acknowledged, in their order
   */
  ClientSession(
      long id, long lastActiveMillis, long acknowledged, long lastSequence, List<KeptResult> kept) {
    this.id = id;
    this.lastActiveMillis = lastActiveMillis;
    this.acknowledged = acknowledged;
    this.lastSequence = lastSequence;
    this.results = new ArrayDeque<>(kept);
    kept.forEach(result -> resultBytes += result.result().length);
  }

  long id() {
    return id;
  }

  long lastActiveMillis() {
    return lastActiveMillis;
  }

  void active(long nowMillis) {
    lastActiveMillis = nowMillis;
  }

  long acknowledged() {
    return acknowledged;
  }

  long lastSequence() {
    return lastSequence;
  }

  /** How many results are kept. */
  int kept() {
    return results.size();
  }

  long resultBytes() {
    return resultBytes;
  }

  /** The client knows the ends of all commands up to that one; no further than there are. */
  void acknowledge(long sequence) {
    acknowledged = Math.max(acknowledged, Math.min(sequence, lastSequence));
    while (!results.isEmpty() && results.peek().sequence() <= acknowledged) {
      resultBytes -= results.poll().result().length;
    }
  }

  /** The result of a command that was applied, unless it is acknowledged. */
  Optional<KeptResult> find(long sequence) {
    for (KeptResult result : results) {
      if (result.sequence() == sequence) {
        return Optional.of(result);
      }
    }
    return Optional.empty();
  }

  /** Keeps the result of the next command. */
  void keep(KeptResult result) {
    lastSequence = result.sequence();
    results.add(result);
    resultBytes += result.result().length;
  }

  /** Nothing comes any more in the places up to that one. */
  void skip(long through) {
    lastSequence = Math.max(lastSequence, through);
  }

  /** What is kept, in order, as it is now. */
  List<KeptResult> results() {
    return List.copyOf(results);
  }
}
