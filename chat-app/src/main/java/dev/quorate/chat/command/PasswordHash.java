package dev.quorate.chat.command;

import java.util.Base64;

/**
 * What is kept of a password, with all that is needed to check one against it. Neither {@link
 * #toString} nor any message shows it.
 *
 * @param algorithm {@link #PBKDF2}
 * @param iterations how often the function is iterated
 * @param salt 16 random bytes, as Base64
 * @param hash 32 bytes, as Base64
 */
public record PasswordHash(String algorithm, int iterations, String salt, String hash) {

  /** The name under which the JDK has the function. */
  public static final String PBKDF2 = "PBKDF2WithHmacSHA256";

  /** How many bytes a salt has. */
  public static final int SALT_BYTES = 16;

  /** How many bytes a hash has. */
  public static final int HASH_BYTES = 32;

  /** Few enough that a stray command cannot keep a node busy for minutes at a log-in. */
  private static final int MAX_ITERATIONS = 10_000_000;

  public PasswordHash {
    if (!algorithm.equals(PBKDF2)) {
      throw new IllegalArgumentException("unknown password algorithm");
    }
    TextRules.requireRange("password iterations", iterations, 1, MAX_ITERATIONS);
    requireBytes("salt", salt, SALT_BYTES);
    requireBytes("hash", hash, HASH_BYTES);
  }

  private static void requireBytes(String what, String base64, int length) {
    int found;
    try {
      found = Base64.getDecoder().decode(base64).length;
    } catch (IllegalArgumentException e) {
      // Not the decoder's message: it quotes the text.
      throw new IllegalArgumentException("the password's " + what + " is no Base64");
    }
    if (found != length) {
      throw new IllegalArgumentException(
          "the password's " + what + " has not " + length + " bytes");
    }
  }

  @Override
  public String toString() {
    return "PasswordHash[" + algorithm + ", " + iterations + " iterations]";
  }
}
