package dev.quorate.chat.result;

import jakarta.json.bind.annotation.JsonbCreator;

/**
 * The command or query was not done, and the state is unchanged.
 *
 * @param version {@link Result#VERSION}
 * @param reason why
 * @param message the reason for people
 */
public record Refused(int version, Reason reason, String message) implements Result {

  /** Why a command or query is refused. */
  public enum Reason {
    /** It breaks a rule that needs no state to know. */
    INVALID,
    /** It is no JSON of the expected shape. */
    MALFORMED,
    /** Its kind is not known to this version of the chat. */
    UNKNOWN_KIND,
    /** Its kind is known, but not in this version. */
    UNKNOWN_VERSION,
    /** There is no such session. */
    NOT_LOGGED_IN,
    /** An account of that name exists. */
    NAME_TAKEN,
    /** There is no account of that name. */
    NO_SUCH_ACCOUNT,
    /** The password that was checked is not the account's any more. */
    CREDENTIALS_CHANGED
  }

  @JsonbCreator
  public Refused {}

  /** In the current version. */
  public Refused(Reason reason, String message) {
    this(VERSION, reason, message);
  }
}
