package dev.quorate.chat.state;

import dev.quorate.chat.json.UnreadableJsonException;
import dev.quorate.chat.result.Refused;
import dev.quorate.chat.result.Refused.Reason;

/** Refusals that several operations have in common. */
final class Refusals {

  private Refusals() {}

  static Refused notLoggedIn() {
    return new Refused(Reason.NOT_LOGGED_IN, "the session does not exist; log in");
  }

  static Refused noSuchAccount() {
    return new Refused(Reason.NO_SUCH_ACCOUNT, "there is no account of that name");
  }

  /** A command or query that cannot be read. */
  static Refused unreadable(UnreadableJsonException e) {
    Reason reason =
        switch (e.problem()) {
          case MALFORMED -> Reason.MALFORMED;
          case UNKNOWN_KIND -> Reason.UNKNOWN_KIND;
          case UNKNOWN_VERSION -> Reason.UNKNOWN_VERSION;
          case INVALID -> Reason.INVALID;
        };
    return new Refused(reason, e.getMessage());
  }
}
