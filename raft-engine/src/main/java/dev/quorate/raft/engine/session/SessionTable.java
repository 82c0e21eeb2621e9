package dev.quorate.raft.engine.session;

import dev.quorate.raft.api.Outcome;
import dev.quorate.raft.api.RejectReason;
import dev.quorate.raft.api.storage.LogEntry;
import dev.quorate.raft.engine.codec.ClusterSettingsCodec;
import dev.quorate.raft.engine.codec.DecodeException;
import dev.quorate.raft.engine.codec.SessionCodec;
import dev.quorate.raft.engine.message.ClusterSettings;
import dev.quorate.raft.engine.message.SessionRequest;
import dev.quorate.raft.engine.message.SessionView;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.function.Function;

/**
 * All client sessions and the settings that bound them, as of the last applied entry. It is fed
 * every entry of these two types in the order of the log, and comes to the same on every node.
 *
 * <p>A session's commands are applied in their order, each once: the next one is applied, one that
 * was applied gets the result of that time, any other is refused. A session is unknown before it is
 * opened and after it has expired or was closed, so that nothing in it can be applied then.
 * Sessions expire by the cluster's time (rule P11), before the entry that brings the time is looked
 * at, those first that were active least recently.
 */
public final class SessionTable {

  private static final byte[] NO_RESULT = {};

  /** Least recently active first. */
  private final LinkedHashMap<Long, ClientSession> sessions = new LinkedHashMap<>();

  private ClusterSettings settings = ClusterSettings.NONE;
  private long nowMillis;

  /** A table before the first entry. */
  public SessionTable() {}

  /** A table as it was. */
  SessionTable(ClusterSettings settings, long nowMillis) {
    this.settings = settings;
    this.nowMillis = nowMillis;
  }

  /** Adds a session as it was, more recently active than those before. */
  void add(ClientSession session) {
    sessions.put(session.id(), session);
  }

  /** The settings in effect. */
  public ClusterSettings settings() {
    return settings;
  }

  /** How many sessions there are. */
  public int size() {
    return sessions.size();
  }

  /**
   * The settings change, if no others have come between.
   *
   * @return what became of it, the same on every node
   * @throws DecodeException if this version cannot obey the settings
   */
  public Outcome applySettings(LogEntry entry) throws DecodeException {
    ClusterSettings next = ClusterSettingsCodec.decode(entry.payload());
    if (!next.follows(settings)) {
      return new Outcome.Rejected(
          RejectReason.SUPERSEDED,
          "version " + next.version() + " of the settings does not follow " + settings.version());
    }
    settings = next;
    return new Outcome.Applied(entry.index(), NO_RESULT);
  }

  /**
   * Applies an entry that concerns a session.
   *
   * @param stateMachine applies a command; called at most once. If it throws, the command is not
   *     there
   * @return what became of it, the same on every node
   * @throws DecodeException if this version does not know what the entry asks for
   */
  public Outcome apply(LogEntry entry, Function<ByteBuffer, byte[]> stateMachine)
      throws DecodeException {
    SessionRequest request = SessionCodec.decode(entry.payload());
    nowMillis = Math.max(nowMillis, entry.clusterTimeMillis());
    expire();
    if (request instanceof SessionRequest.Within within) {
      Optional<ClientSession> session = Optional.ofNullable(sessions.get(within.session()));
      return session.isPresent()
          ? within(session.get(), within, entry.index(), stateMachine)
          : rejected(
              RejectReason.SESSION_EXPIRED,
              "session " + within.session() + " has expired or was closed");
    }
    return open(entry.index());
  }

  private void expire() {
    var oldest = sessions.values().iterator();
    while (oldest.hasNext()
        && nowMillis - oldest.next().lastActiveMillis() > settings.sessionTimeoutMillis()) {
      oldest.remove();
    }
  }

  private Outcome open(long index) {
    if (settings.version() == 0) {
      return rejected(RejectReason.OVER_LIMIT, "the cluster's settings are not in its log yet");
    }
    if (sessions.size() >= settings.maxSessions()) {
      return rejected(
          RejectReason.TOO_MANY_SESSIONS,
          "there are " + sessions.size() + " sessions, as many as the cluster's settings allow");
    }
    ClientSession session = new ClientSession(index, nowMillis);
    sessions.put(index, session);
    return new Outcome.Applied(index, view(session));
  }

  private byte[] view(ClientSession session) {
    return SessionCodec.encodeView(
        new SessionView(
            settings.sessionTimeoutMillis(),
            settings.maxResults(),
            session.lastSequence(),
            session.acknowledged()));
  }

  private Outcome within(
      ClientSession session,
      SessionRequest.Within request,
      long index,
      Function<ByteBuffer, byte[]> stateMachine) {
    if (request instanceof SessionRequest.Close) {
      sessions.remove(session.id());
      return new Outcome.Applied(index, NO_RESULT);
    }
    if (request instanceof SessionRequest.KeepAlive) {
      touch(session);
      return new Outcome.Applied(index, view(session));
    }
    SessionRequest.Numbered numbered = (SessionRequest.Numbered) request;
    Outcome outcome = numbered(session, numbered, index, stateMachine);
    touch(session);
    return outcome;
  }

  /** Makes the session the most recently active one. */
  private void touch(ClientSession session) {
    session.active(nowMillis);
    sessions.remove(session.id());
    sessions.put(session.id(), session);
  }

  private Outcome numbered(
      ClientSession session,
      SessionRequest.Numbered request,
      long index,
      Function<ByteBuffer, byte[]> stateMachine) {
    session.acknowledge(Math.min(request.acknowledged(), request.sequence() - 1));
    if (request.sequence() > session.lastSequence() + 1) {
      return rejected(
          RejectReason.OUT_OF_ORDER,
          name(session, request.sequence()) + " comes after " + session.lastSequence());
    }
    if (request instanceof SessionRequest.Skip skip) {
      session.skip(skip.through());
      return new Outcome.Applied(index, NO_RESULT);
    }
    SessionRequest.Command command = (SessionRequest.Command) request;
    if (command.sequence() <= session.lastSequence()) {
      return repeated(session, command);
    }
    if (session.kept() >= settings.maxResults()
        || session.kept() > 0 && session.resultBytes() >= settings.maxResultBytes()) {
      return rejected(
          RejectReason.OVER_LIMIT,
          session.kept()
              + " results of "
              + session.resultBytes()
              + " bytes are kept for session "
              + session.id()
              + ", as many as the cluster's settings allow");
    }
    int fingerprint = KeptResult.fingerprint(command.command());
    byte[] result = stateMachine.apply(command.command());
    session.keep(new KeptResult(command.sequence(), index, fingerprint, result));
    return new Outcome.Applied(index, result);
  }

  private static Outcome repeated(ClientSession session, SessionRequest.Command command) {
    if (command.sequence() <= session.acknowledged()) {
      return new Outcome.Unknown(
          name(session, command.sequence())
              + " has come to an end that its client has acknowledged, so that it is not kept");
    }
    Optional<KeptResult> kept = session.find(command.sequence());
    if (kept.isEmpty()) {
      return rejected(
          RejectReason.SEQUENCE_REUSED,
          name(session, command.sequence()) + " was given up by its client, and skipped");
    }
    if (kept.get().fingerprint() != KeptResult.fingerprint(command.command())) {
      return rejected(
          RejectReason.SEQUENCE_REUSED,
          name(session, command.sequence())
              + " was another command, applied at "
              + kept.get().index());
    }
    return new Outcome.Applied(kept.get().index(), kept.get().result());
  }

  private static String name(ClientSession session, long sequence) {
    return "command " + sequence + " of session " + session.id();
  }

  private static Outcome rejected(RejectReason reason, String message) {
    return new Outcome.Rejected(reason, message);
  }

  /** The whole table as it is now, which later entries do not change. Quick. */
  public SessionSection capture() {
    return SessionSection.of(settings, nowMillis, sessions.values());
  }
}
