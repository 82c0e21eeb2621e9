package dev.quorate.chat.state;

import dev.quorate.chat.command.PasswordHash;
import dev.quorate.chat.command.SessionKey;
import java.util.ArrayDeque;

/** A user: what is kept of the password, the sessions, and what waits to be read. */
final class Account {

  private final String name;
  private final PasswordHash password;
  private final ArrayDeque<SessionKey> sessions = new ArrayDeque<>();
  private final ArrayDeque<Message> unread = new ArrayDeque<>();
  private final SendLedger sends = new SendLedger();

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

  /** The open sessions, the oldest first. */
  ArrayDeque<SessionKey> sessions() {
    return sessions;
  }

  /** The messages to this user that were not read yet, the oldest first. */
  ArrayDeque<Message> unread() {
    return unread;
  }

  SendLedger sends() {
    return sends;
  }
}
