package dev.quorate.chat.query;

import java.util.Arrays;

/**
 * A wildcard pattern for whole names, case-sensitive: {@code *} any characters, {@code ?} one
 * character, {@code [a-z]} one of a set, {@code [!a-z]} one that is not in it. In a set a {@code ]}
 * may stand first and a {@code -} first or last; {@code [*]} is a plain star.
 *
 * <p>Matching goes back to the last star only, so that it takes at most pattern times name steps; a
 * regular expression made of a hostile pattern could take for ever.
 */
public final class NamePattern {

  private static final int MAX_LENGTH = 256;
  private static final Matcher STAR = c -> true;

  private final Matcher[] parts;

  private NamePattern(Matcher[] parts) {
    this.parts = parts;
  }

  /** Decides about one character; {@link #STAR} stands for any number of them. */
  private interface Matcher {
    boolean matches(int codePoint);
  }

  /**
   * Reads a pattern.
   *
   * @throws IllegalArgumentException if a set has no end or a range runs backwards
   */
  public static NamePattern of(String pattern) {
    int[] chars = pattern.codePoints().toArray();
    if (chars.length < 1 || chars.length > MAX_LENGTH) {
      throw new IllegalArgumentException(
          "a pattern has 1 to " + MAX_LENGTH + " characters, not " + chars.length);
    }
    Matcher[] parts = new Matcher[chars.length];
    int count = 0;
    int at = 0;
    while (at < chars.length) {
      int c = chars[at];
      if (c == '[') {
        int end = endOfSet(chars, at);
        parts[count++] = set(Arrays.copyOfRange(chars, at + 1, end));
        at = end + 1;
      } else {
        parts[count++] = c == '*' ? STAR : c == '?' ? any -> true : same -> same == c;
        at++;
      }
    }
    return new NamePattern(Arrays.copyOf(parts, count));
  }

  /** Whether the whole name matches. */
  public boolean matches(String name) {
    int[] chars = name.codePoints().toArray();
    int at = 0;
    int part = 0;
    int star = -1;
    int afterStar = 0;
    while (at < chars.length) {
      if (part < parts.length && parts[part] == STAR) {
        star = part++;
        afterStar = at;
      } else if (part < parts.length && parts[part].matches(chars[at])) {
        part++;
        at++;
      } else if (star >= 0) {
        // Let the last star take one character more, and try again behind it.
        part = star + 1;
        at = ++afterStar;
      } else {
        return false;
      }
    }
    while (part < parts.length && parts[part] == STAR) {
      part++;
    }
    return part == parts.length;
  }

  private static int endOfSet(int[] chars, int start) {
    int first = start + 1 < chars.length && chars[start + 1] == '!' ? start + 2 : start + 1;
    for (int end = first + 1; end < chars.length; end++) {
      if (chars[end] == ']') {
        return end;
      }
    }
    throw new IllegalArgumentException("a set of the pattern is empty or has no ']'");
  }

  private static Matcher set(int[] inner) {
    boolean negated = inner[0] == '!';
    int[] lows = new int[inner.length];
    int[] highs = new int[inner.length];
    int count = 0;
    int at = negated ? 1 : 0;
    while (at < inner.length) {
      boolean range = at + 2 < inner.length && inner[at + 1] == '-';
      lows[count] = inner[at];
      highs[count] = range ? inner[at + 2] : inner[at];
      if (lows[count] > highs[count]) {
        throw new IllegalArgumentException("a range of the pattern runs backwards");
      }
      count++;
      at += range ? 3 : 1;
    }
    int ranges = count;
    return c -> {
      for (int i = 0; i < ranges; i++) {
        if (c >= lows[i] && c <= highs[i]) {
          return !negated;
        }
      }
      return negated;
    };
  }
}
