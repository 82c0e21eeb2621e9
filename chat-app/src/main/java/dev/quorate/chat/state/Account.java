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
  private final long credentials;
  private List<SessionKey> sessions = List.of();
  private List<Long> clients = List.of();
  private long readUpTo;

  /**
   * An account that nobody uses yet.
   *
   * @param credentials the log index of the command that set the password
   */
  Account(String name, PasswordHash password, long credentials) {
    this.name = name;
    this.password = password;
    this.credentials = credentials;
  }

  String name() {
    return name;
  }

  PasswordHash password() {
    return password;
  }

  /**
   * Tells this password from any other that an account of this name had or will have: the log index
   * of the command that set it.
   */
  long credentials() {
    return credentials;
  }

  /** The open sessions, the oldest first; the list that is handed out never changes. */
  List<SessionKey> sessions() {
    return sessions;
  }

  void addSession(SessionKey session) {
    sessions = with(sessions, session);
  }

  /** From where the user sends, first what was added first; the list never changes. */
  List<Long> clients() {
    return clients;
  }

  void addClient(long client) {
    clients = with(clients, client);
  }

  /** The client that was added first is none any more; tells which that was. */
  long removeOldestClient() {
    long oldest = clients.get(0);
    clients = List.copyOf(clients.subList(1, clients.size()));
    return oldest;
  }

  private static <T> List<T> with(List<T> list, T one) {
    List<T> more = new ArrayList<>(list);
    more.add(one);
    return List.copyOf(more);
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
}
