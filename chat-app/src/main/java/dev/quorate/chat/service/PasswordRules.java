package dev.quorate.chat.service;

/**
 * What a password must be. Passwords never reach commands, so that the rule is not among theirs.
 */
final class PasswordRules {

  private static final int MIN_CHARACTERS = 8;
  private static final int MAX_CHARACTERS = 256;

  private PasswordRules() {}

  /**
   * Checks the length, in characters (code points).
   *
   * @throws IllegalArgumentException if it is out of bounds; the message does not show the password
   */
  static void require(String password) {
    int length = password.codePointCount(0, password.length());
    if (length < MIN_CHARACTERS || length > MAX_CHARACTERS) {
      throw new IllegalArgumentException(
          "a password has " + MIN_CHARACTERS + " to " + MAX_CHARACTERS + " characters");
    }
  }
}
