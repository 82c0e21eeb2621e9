package dev.quorate.raft.engine.runtime;

import dev.quorate.raft.engine.message.Message.HostAnswer;
import dev.quorate.raft.engine.message.Message.HostBeat;
import dev.quorate.raft.engine.message.Peer;
import dev.quorate.raft.engine.message.Quiet;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** What one other host, in one boot of it, has said to this one, and what its groups here think. */
final class Hearing {

  private final Peer host;
  private final TreeSet<String> undecided = new TreeSet<>();
  private final TreeSet<String> awake = new TreeSet<>();
  private SortedMap<String, Quiet> said = new TreeMap<>();
  private long version;
  private long answeredVersion;
  private boolean heardAny;
  private long sentNanos;
  private long heardNanos;

  /**
   * What a beat says that the one before did not.
   *
   * @param asked the groups of which it says something else; each is to be asked
   * @param gone those of which it says nothing any more
   */
  record News(SortedMap<String, Quiet> asked, List<String> gone) {
    private static final News NONE = new News(new TreeMap<>(), List.of());
  }

  Hearing(Peer host, long nowNanos) {
    this.host = host;
    this.heardNanos = nowNanos;
  }

  Peer host() {
    return host;
  }

  long heardNanos() {
    return heardNanos;
  }

  List<String> groups() {
    return List.copyOf(said.keySet());
  }

  /** Whether nothing was heard for that long. */
  boolean isLost(long nowNanos, long patienceNanos) {
    return nowNanos - heardNanos >= patienceNanos;
  }

  /** Whether a beat is newer than all before: it may be late, or come twice. */
  boolean isNew(HostBeat beat) {
    return !heardAny || beat.sentNanos() > sentNanos;
  }

  /**
   * Takes a new beat. If it is about a version that this host does not know, it is as if it had not
   * come, but for the answer, which says so.
   */
  News take(HostBeat beat, long nowNanos) {
    heardAny = true;
    sentNanos = beat.sentNanos();
    News news = News.NONE;
    if (beat.version() != version && beat.groups().isPresent()) {
      news = learn(beat.groups().get());
      version = beat.version();
    }
    if (beat.version() == version) {
      heardNanos = nowNanos;
    }
    return news;
  }

  private News learn(SortedMap<String, Quiet> groups) {
    TreeMap<String, Quiet> asked = new TreeMap<>();
    groups.forEach(
        (group, quiet) -> {
          if (!quiet.equals(said.get(group))) {
            asked.put(group, quiet);
          }
        });
    List<String> gone = said.keySet().stream().filter(it -> !groups.containsKey(it)).toList();
    said = groups;
    undecided.retainAll(groups.keySet());
    undecided.addAll(asked.keySet());
    awake.retainAll(groups.keySet());
    return new News(asked, gone);
  }

  /** Whether it is still said of a group. */
  boolean says(String group, Quiet quiet) {
    return quiet.equals(said.get(group));
  }

  /** A group that was asked rests now, or does not. */
  void decided(String group, boolean rests) {
    undecided.remove(group);
    if (rests) {
      awake.remove(group);
    } else if (said.containsKey(group)) {
      awake.add(group);
    }
  }

  /** A group rests no longer, by itself. */
  void woke(String group) {
    if (said.containsKey(group)) {
      awake.add(group);
    }
  }

  /** Answers the newest beat. What is asked of a group here holds the answer back. */
  HostAnswer answer() {
    if (undecided.isEmpty()) {
      answeredVersion = version;
    }
    return new HostAnswer(host.boot(), sentNanos, answeredVersion, awake);
  }
}
