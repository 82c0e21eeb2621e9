package dev.quorate.raft.engine.session;

import dev.quorate.raft.api.RejectReason;
import dev.quorate.raft.engine.message.ClusterSettings;
import dev.quorate.raft.engine.message.SessionRequest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * What sessions promise, said as plainly as possible: everything that was ever applied is
 * remembered, and every question is answered by looking through it.
 */
final class SessionModel {

  private static final String SKIPPED = "(skipped)";

  private final TreeMap<Long, One> sessions = new TreeMap<>();
  private final List<String> applied = new ArrayList<>();
  private final ClusterSettings settings;

  private static final class One {
    private final List<String> commands = new ArrayList<>();
    private final List<String> results = new ArrayList<>();
    private long lastActive;
    private long acknowledged;
  }

  SessionModel(ClusterSettings settings) {
    this.settings = settings;
  }

  List<String> applied() {
    return applied;
  }

  /** What an entry comes to, in words. */
  String apply(long index, long millis, SessionRequest request) {
    sessions.values().removeIf(one -> millis - one.lastActive > settings.sessionTimeoutMillis());
    if (request instanceof SessionRequest.Open) {
      return open(index, millis);
    }
    long id = ((SessionRequest.Within) request).session();
    One one = sessions.get(id);
    if (one == null) {
      return RejectReason.SESSION_EXPIRED.name();
    }
    if (request instanceof SessionRequest.Close) {
      sessions.remove(id);
      return "applied";
    }
    one.lastActive = millis;
    return request instanceof SessionRequest.Numbered numbered
        ? numbered(one, numbered)
        : "applied";
  }

  private String open(long index, long millis) {
    if (sessions.size() >= settings.maxSessions()) {
      return RejectReason.TOO_MANY_SESSIONS.name();
    }
    One one = new One();
    one.lastActive = millis;
    sessions.put(index, one);
    return "applied";
  }

  private String numbered(One one, SessionRequest.Numbered request) {
    int place = (int) request.sequence();
    int last = one.commands.size();
    long known = Math.min(Math.min(request.acknowledged(), place - 1), last);
    one.acknowledged = Math.max(one.acknowledged, known);
    if (place > last + 1) {
      return RejectReason.OUT_OF_ORDER.name();
    }
    if (request instanceof SessionRequest.Skip skip) {
      while (one.commands.size() < skip.through()) {
        one.commands.add(SKIPPED);
        one.results.add(SKIPPED);
      }
      return "applied";
    }
    String text = text((SessionRequest.Command) request);
    if (place <= one.acknowledged) {
      return "forgotten";
    }
    if (place <= last) {
      return one.commands.get(place - 1).equals(text)
          ? one.results.get(place - 1)
          : RejectReason.SEQUENCE_REUSED.name();
    }
    List<String> kept = new ArrayList<>(one.results.subList((int) one.acknowledged, last));
    kept.removeIf(SKIPPED::equals);
    int bytes = kept.stream().mapToInt(result -> result.length() - "applied ".length()).sum();
    if (kept.size() >= settings.maxResults()
        || !kept.isEmpty() && bytes >= settings.maxResultBytes()) {
      return RejectReason.OVER_LIMIT.name();
    }
    applied.add(text);
    one.commands.add(text);
    one.results.add("applied " + text + "#" + applied.size());
    return one.results.get(last);
  }

  private static String text(SessionRequest.Command command) {
    return StandardCharsets.UTF_8.decode(command.command().duplicate()).toString();
  }
}
