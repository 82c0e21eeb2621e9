package dev.quorate.raft.engine.client;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The commands of a session that were never sent, in their order. Those that nobody waits for any
 * more leave their places empty; empty places beside each other are one, so that they do not pile
 * up while there is no leader.
 */
final class Backlog {

  private final TreeMap<Long, Submission> bySequence = new TreeMap<>();

  void add(Submission submission) {
    bySequence.put(submission.sequence(), submission);
  }

  /** How many entries it would take to send all. */
  int size() {
    return bySequence.size();
  }

  /** The first place here, or another if there is none. */
  long first(long otherwise) {
    return bySequence.isEmpty() ? otherwise : bySequence.firstKey();
  }

  void clear() {
    bySequence.clear();
  }

  /** Takes the first out. */
  Submission poll() {
    return bySequence.pollFirstEntry().getValue();
  }

  /** Those that somebody may wait for. */
  List<Submission> commands() {
    return bySequence.values().stream().filter(submission -> !submission.told).toList();
  }

  /** One of them, if it is still here, may have become an empty place. */
  void merge(Submission submission) {
    if (!bySequence.containsKey(submission.sequence()) || !submission.isSkipped()) {
      return;
    }
    Submission merged = submission;
    Map.Entry<Long, Submission> before = bySequence.lowerEntry(submission.sequence());
    if (before != null && before.getValue().isSkipped()) {
      bySequence.remove(submission.sequence());
      merged = before.getValue();
      merged.skipThrough(submission.through());
    }
    Map.Entry<Long, Submission> behind = bySequence.higherEntry(merged.sequence());
    if (behind != null && behind.getValue().isSkipped()) {
      bySequence.remove(behind.getKey());
      merged.skipThrough(behind.getValue().through());
    }
  }
}
