package dev.quorate.chat.command;

import java.nio.charset.StandardCharsets;

/** The rules for texts that commands and queries share. */
public final class TextRules {

  /** The longest user name, in characters (code points). */
  public static final int MAX_NAME_CHARACTERS = 64;

  private TextRules() {}

  /**
   * A user name: 1 to 64 characters, no control character.
   *
   * @throws IllegalArgumentException if it is none
   */
  public static void requireName(String name) {
    requireWellFormed("user name", name);
    int length = name.codePointCount(0, name.length());
    if (length < 1 || length > MAX_NAME_CHARACTERS) {
      throw new IllegalArgumentException(
          "a user name has 1 to " + MAX_NAME_CHARACTERS + " characters, not " + length);
    }
    if (name.codePoints().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException("a user name has no control characters");
    }
  }

  /**
   * A text without half characters, which could not be written as UTF-8 and read back unchanged.
   *
   * @throws IllegalArgumentException if there is one
   */
  static void requireWellFormed(String what, String text) {
    if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
      throw new IllegalArgumentException("the " + what + " is no well-formed Unicode text");
    }
  }

  /** That a number of the protocol is within bounds. */
  public static void requireRange(String what, long value, long min, long max) {
    if (value < min || value > max) {
      throw new IllegalArgumentException(what + " " + value + " is not " + min + " to " + max);
    }
  }
}
