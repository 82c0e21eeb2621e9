package dev.quorate.raft.engine.runtime;

import dev.quorate.raft.engine.message.Message.HostAnswer;
import dev.quorate.raft.engine.message.Message.HostBeat;
import dev.quorate.raft.engine.message.Quiet;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What this host says to one other: in which groups it leads and has nothing to say. The other
 * learns the groups when they change, until it has said that it knows them, and else only that they
 * are the same.
 */
final class Telling {

  private final TreeMap<String, Said> said = new TreeMap<>();
  private final int most;
  private SortedSet<String> awake = new TreeSet<>();
  private long version = 1;
  private long knownVersion;
  private long sentNanos;
  private long answeredNanos;

  private record Said(Quiet quiet, long version) {}

  /**
   * Nothing is said yet.
   *
   * @param most of how many groups it may be said
   */
  Telling(int most, long nowNanos) {
    this.most = most;
    this.sentNanos = nowNanos;
    this.answeredNanos = nowNanos;
  }

  /** Says it of a group from now on; false if of too many already. */
  boolean say(String group, Quiet quiet) {
    if (said.size() >= most) {
      return false;
    }
    version++;
    said.put(group, new Said(quiet, version));
    return true;
  }

  void unsay(String group) {
    if (said.remove(group) != null) {
      version++;
    }
  }

  List<String> groups() {
    return List.copyOf(said.keySet());
  }

  /** Whether nothing is said, and the other knows that. */
  boolean isOver() {
    return said.isEmpty() && knownVersion == version;
  }

  /** Whether the other has answered nothing that was sent within a time. */
  boolean isLost(long nowNanos, long patienceNanos) {
    return nowNanos - answeredNanos >= patienceNanos;
  }

  HostBeat beat(long nowNanos) {
    sentNanos = Math.max(nowNanos, sentNanos + 1);
    if (knownVersion == version) {
      return new HostBeat(sentNanos, version, Optional.empty());
    }
    TreeMap<String, Quiet> groups = new TreeMap<>();
    said.forEach((group, about) -> groups.put(group, about.quiet));
    return new HostBeat(sentNanos, version, Optional.of(groups));
  }

  /** Whether an answer to this boot is to a beat, and newer than those before. */
  boolean isNew(HostAnswer answer) {
    return answer.sentNanos() <= sentNanos && answer.sentNanos() > answeredNanos;
  }

  /** Takes a new answer; tells whether it says anything else than the one before. */
  boolean take(HostAnswer answer) {
    boolean changed = knownVersion != answer.version() || !awake.equals(answer.awake());
    answeredNanos = answer.sentNanos();
    knownVersion = answer.version();
    awake = answer.awake();
    return changed;
  }

  /** Whether the other has said of a group that it rests there. */
  boolean isHeld(String group) {
    return isKnown(group) && !awake.contains(group);
  }

  /** Whether the other has said of a group that it does not rest there. */
  boolean isRefused(String group) {
    return isKnown(group) && awake.contains(group);
  }

  private boolean isKnown(String group) {
    Said about = said.get(group);
    return about != null && about.version <= knownVersion;
  }
}
