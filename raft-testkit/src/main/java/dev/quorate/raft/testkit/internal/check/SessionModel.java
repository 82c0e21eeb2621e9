package dev.quorate.raft.testkit.internal.check;

import dev.quorate.raft.api.storage.LogEntry;
import dev.quorate.raft.engine.codec.ClusterSettingsCodec;
import dev.quorate.raft.engine.codec.DecodeException;
import dev.quorate.raft.engine.codec.SessionCodec;
import dev.quorate.raft.engine.message.ClusterSettings;
import dev.quorate.raft.engine.message.SessionRequest;
import dev.quorate.raft.testkit.internal.verdict.Violation;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What the log says of sessions, written once more and more simply than in the engine: which
 * entries have the state machine apply a command. It knows nothing but entries, so that whatever a
 * node decides by its own clock, keys or memory differs from it.
 */
public final class SessionModel {

  private final Map<Long, Session> sessions = new TreeMap<>();
  private ClusterSettings settings = ClusterSettings.NONE;
  private long nowMillis;

  private static final class Session {
    private final Map<Long, Integer> keptBytes = new TreeMap<>();
    private long last;
    private long activeMillis;
  }

  /**
   * A session that is open.
   *
   * @param id its id
   * @param last the number of the last command in it that was applied or skipped
   * @param kept the numbers of those whose results are kept, rising
   */
  public record Open(long id, long last, List<Long> kept) {}

  SessionModel() {}

  /** The sessions that are open. */
  List<Open> open() {
    return sessions.entrySet().stream()
        .map(
            it ->
                new Open(
                    it.getKey(), it.getValue().last, List.copyOf(it.getValue().keptBytes.keySet())))
        .toList();
  }

  /** A command in its place. */
  record Numbered(long session, long sequence, ByteBuffer command) {}

  /**
   * Takes the next entry of the log. Who gets a command has to tell how long its result is, by
   * {@link #kept}, before the entry after it.
   *
   * @return the command that the entry has the state machine apply, if it does
   */
  Optional<Numbered> next(LogEntry entry) {
    try {
      if (entry.type() == LogEntry.Type.SETTINGS) {
        ClusterSettings read = ClusterSettingsCodec.decode(entry.payload());
        settings = read.follows(settings) ? read : settings;
      } else if (entry.type() == LogEntry.Type.SESSION) {
        return next(entry, SessionCodec.decode(entry.payload()));
      }
      return Optional.empty();
    } catch (DecodeException e) {
      throw new Violation("I15", entry + " makes no sense: " + e.getMessage());
    }
  }

  private Optional<Numbered> next(LogEntry entry, SessionRequest request) {
    nowMillis = Math.max(nowMillis, entry.clusterTimeMillis());
    sessions.values().removeIf(it -> nowMillis - it.activeMillis > settings.sessionTimeoutMillis());
    if (request instanceof SessionRequest.Within within) {
      Session session = sessions.get(within.session());
      if (session != null) {
        session.activeMillis = nowMillis;
        return next(session, within);
      }
    } else if (settings.version() > 0 && sessions.size() < settings.maxSessions()) {
      Session session = new Session();
      session.activeMillis = nowMillis;
      sessions.put(entry.index(), session);
    }
    return Optional.empty();
  }

  private Optional<Numbered> next(Session session, SessionRequest.Within request) {
    if (request instanceof SessionRequest.Close) {
      sessions.remove(request.session());
    }
    if (request instanceof SessionRequest.Numbered numbered) {
      session.keptBytes.keySet().removeIf(number -> number <= numbered.acknowledged());
      boolean inTime = numbered.sequence() <= session.last + 1;
      if (inTime && request instanceof SessionRequest.Skip skip) {
        session.last = Math.max(session.last, skip.through());
      }
      if (request instanceof SessionRequest.Command command
          && command.sequence() == session.last + 1
          && hasRoom(session)) {
        session.last++;
        return Optional.of(new Numbered(command.session(), command.sequence(), command.command()));
      }
    }
    return Optional.empty();
  }

  private boolean hasRoom(Session session) {
    long bytes = session.keptBytes.values().stream().mapToLong(Integer::intValue).sum();
    return session.keptBytes.size() < settings.maxResults()
        && (session.keptBytes.isEmpty() || bytes < settings.maxResultBytes());
  }

  /** A command had a result of so many bytes. */
  void kept(Numbered command, int bytes) {
    sessions.get(command.session()).keptBytes.put(command.sequence(), bytes);
  }
}
