package dev.quorate.chat.state;

import dev.quorate.chat.command.PasswordHash;
import dev.quorate.chat.command.SessionKey;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/** A user: what is kept of the password, the sessions, and what waits to be read. */
final class Account {

  private final String name;
  private final PasswordHash password;
  private final ArrayDeque<Message> unread = new ArrayDeque<>();
  private final SendLedger sends = new SendLedger();
  private List<SessionKey> sessions = List.of();
  private long readUpTo;

  Account(String name, PasswordHash password) {
    this.name = name;
    this.password = password;
  }

  String name() {
    return name;
  }

  PasswordHash password() {
    return password;
  }

  /** The open sessions, the oldest first; the list that is handed out never changes. */
  List<SessionKey> sessions() {
    return sessions;
  }

  void addSession(SessionKey session) {
    List<SessionKey> more = new ArrayList<>(sessions);
    more.add(session);
    sessions = List.copyOf(more);
  }

  /** Ends the oldest session, and tells which that was. */
  SessionKey removeOldestSession() {
    SessionKey oldest = sessions.get(0);
    sessions = List.copyOf(sessions.subList(1, sessions.size()));
    return oldest;
  }

  /** A message to this user came. */
  void receive(Message message) {
    unread.addLast(message);
  }

  /** The oldest message to this user that was not read yet, or {@code null}. */
  Message oldestUnread() {
    return unread.peekFirst();
  }

  /** Marks {@link #oldestUnread} as read. */
  void read() {
    readUpTo = unread.removeFirst().id();
  }

  int unreadCount() {
    return unread.size();
  }

  /**
   * The messages to this user with an id up to this one were read, and the others were not: they
   * are read in the order in which they came.
   */
  long readUpTo() {
    return readUpTo;
  }

  SendLedger sends() {
    return sends;
  }
}
