package dev.quorate.chat.command;

import java.util.regex.Pattern;

/**
 * How the log and the state know a session: by the SHA-256 of its token. The token itself is known
 * to its owner only.
 *
 * @param hash 64 lower-case hexadecimal digits
 */
public record SessionKey(String hash) {

  private static final Pattern FORM = Pattern.compile("[0-9a-f]{64}");

  public SessionKey {
    if (!FORM.matcher(hash).matches()) {
      throw new IllegalArgumentException("a session key has 64 hexadecimal digits");
    }
  }

  @Override
  public String toString() {
    return "SessionKey[hidden]";
  }
}
