package dev.quorate.raft.api.config;

import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An immutable set of flat keys with text values, such as {@code raft.heartbeat=50ms}. A reader
 * names each key with its default and bounds; a value that does not fit is a {@link
 * ConfigurationException}. Whoever reads a prefix declares its keys by {@link #requireKnown}, so
 * that a misspelt key is an error and never silently ignored.
 */
public final class Settings {

  private static final Pattern DURATION = Pattern.compile("(\\d{1,15})\\s*(us|ms|s|m|h)");
  private static final Pattern SIZE = Pattern.compile("(\\d{1,15})\\s*(B|KiB|MiB|GiB)?");

  private final SortedMap<String, String> values;

  private Settings(SortedMap<String, String> values) {
    this.values = Collections.unmodifiableSortedMap(values);
  }

  /**
   * Settings with the given keys.
   *
   * @param values keys and values; copied
   * @return the settings
   */
  public static Settings of(Map<String, String> values) {
    return new Settings(new TreeMap<>(values));
  }

  /**
   * Settings without a key, so that every default holds.
   *
   * @return the settings
   */
  public static Settings empty() {
    return new Settings(new TreeMap<>());
  }

  /**
   * These settings with one key more or replaced.
   *
   * @param key the key
   * @param value its value
   * @return the new settings
   */
  public Settings with(String key, String value) {
    TreeMap<String, String> copy = new TreeMap<>(values);
    copy.put(key, value);
    return new Settings(copy);
  }

  /**
   * All keys with their values.
   *
   * @return an unmodifiable view, sorted by key
   */
  public SortedMap<String, String> asMap() {
    return values;
  }

  /**
   * Refuses keys that nobody reads.
   *
   * @param prefix the keys' beginning, for example {@code "raft.storage.file."}
   * @param known every whole key that is read under this prefix
   * @throws ConfigurationException if a key begins with the prefix and is not among the known ones;
   *     the message lists those
   */
  public void requireKnown(String prefix, Collection<String> known) {
    SortedSet<String> sorted = new TreeSet<>(known);
    for (String key : values.keySet()) {
      if (key.startsWith(prefix) && !sorted.contains(key)) {
        throw new ConfigurationException(
            "unknown key '"
                + key
                + "'; known under '"
                + prefix
                + "': "
                + (sorted.isEmpty() ? "none" : String.join(", ", sorted)));
      }
    }
  }

  /**
   * A text, as it stands.
   *
   * @param key the key
   * @return the value, or empty if the key is absent
   */
  public Optional<String> text(String key) {
    return Optional.ofNullable(values.get(key));
  }

  /**
   * A text with a default.
   *
   * @param key the key
   * @param byDefault the value if the key is absent
   * @return the value
   */
  public String text(String key, String byDefault) {
    return values.getOrDefault(key, byDefault);
  }

  /**
   * One of several words.
   *
   * @param key the key
   * @param byDefault the value if the key is absent
   * @param accepted the words that are accepted
   * @return the value
   * @throws ConfigurationException if the value is none of them
   */
  public String choice(String key, String byDefault, String... accepted) {
    String value = values.getOrDefault(key, byDefault);
    if (!Arrays.asList(accepted).contains(value)) {
      throw illegal(key, value, "one of " + String.join(", ", accepted));
    }
    return value;
  }

  /**
   * A whole number.
   *
   * @param key the key
   * @param byDefault the value if the key is absent
   * @param min the smallest accepted value
   * @param max the largest accepted value
   * @return the value
   * @throws ConfigurationException if the value is no whole number from min to max
   */
  public long number(String key, long byDefault, long min, long max) {
    String text = values.get(key);
    if (text == null) {
      return byDefault;
    }
    String accepted = "a whole number from " + min + " to " + max;
    try {
      return inRange(key, text, Long.parseLong(text.strip()), min, max, accepted);
    } catch (NumberFormatException e) {
      throw illegal(key, text, accepted);
    }
  }

  /**
   * A truth value.
   *
   * @param key the key
   * @param byDefault the value if the key is absent
   * @return the value
   * @throws ConfigurationException if the value is neither {@code true} nor {@code false}
   */
  public boolean flag(String key, boolean byDefault) {
    return Boolean.parseBoolean(choice(key, Boolean.toString(byDefault), "true", "false"));
  }

  /**
   * A duration: a whole number with its unit, {@code us}, {@code ms}, {@code s}, {@code m} or
   * {@code h}, as in {@code 50ms}.
   *
   * @param key the key
   * @param byDefault the value if the key is absent
   * @param min the shortest accepted value
   * @param max the longest accepted value
   * @return the value
   * @throws ConfigurationException if the value has another form or is out of range
   */
  public Duration duration(String key, Duration byDefault, Duration min, Duration max) {
    String text = values.get(key);
    if (text == null) {
      return byDefault;
    }
    String accepted =
        "a duration from " + show(min) + " to " + show(max) + ", such as 50ms, 2s or 5m";
    Matcher matcher = DURATION.matcher(text.strip());
    if (!matcher.matches()) {
      throw illegal(key, text, accepted);
    }
    long amount = Long.parseLong(matcher.group(1));
    try {
      Duration value =
          switch (matcher.group(2)) {
            case "us" -> Duration.ofNanos(Math.multiplyExact(amount, 1_000L));
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            default -> Duration.ofHours(amount);
          };
      if (value.compareTo(min) < 0 || value.compareTo(max) > 0) {
        throw illegal(key, text, accepted);
      }
      return value;
    } catch (ArithmeticException e) {
      throw illegal(key, text, accepted);
    }
  }

  /**
   * A size in bytes: a whole number with an optional unit, {@code B}, {@code KiB}, {@code MiB} or
   * {@code GiB}.
   *
   * @param key the key
   * @param byDefault the value if the key is absent, in bytes
   * @param min the smallest accepted value, in bytes
   * @param max the largest accepted value, in bytes
   * @return the value in bytes
   * @throws ConfigurationException if the value has another form or is out of range
   */
  public long bytes(String key, long byDefault, long min, long max) {
    String text = values.get(key);
    if (text == null) {
      return byDefault;
    }
    String accepted = "a size from " + min + " to " + max + " bytes, such as 4096, 64KiB or 4MiB";
    Matcher matcher = SIZE.matcher(text.strip());
    if (!matcher.matches()) {
      throw illegal(key, text, accepted);
    }
    int shift =
        switch (matcher.group(2) == null ? "B" : matcher.group(2)) {
          case "KiB" -> 10;
          case "MiB" -> 20;
          case "GiB" -> 30;
          default -> 0;
        };
    long amount = Long.parseLong(matcher.group(1));
    if (amount > Long.MAX_VALUE >> shift) {
      throw illegal(key, text, accepted);
    }
    return inRange(key, text, amount << shift, min, max, accepted);
  }

  private static long inRange(
      String key, String text, long value, long min, long max, String accepted) {
    if (value < min || value > max) {
      throw illegal(key, text, accepted);
    }
    return value;
  }

  private static ConfigurationException illegal(String key, String value, String accepted) {
    return new ConfigurationException(
        "'" + value + "' is no value for '" + key + "': it takes " + accepted);
  }

  private static String show(Duration duration) {
    long micros = duration.toNanos() / 1_000;
    if (micros % 1_000 != 0) {
      return micros + "us";
    }
    long millis = micros / 1_000;
    if (millis % 1_000 != 0) {
      return millis + "ms";
    }
    long seconds = millis / 1_000;
    return seconds % 3_600 == 0 && seconds > 0 ? seconds / 3_600 + "h" : seconds + "s";
  }

  @Override
  public String toString() {
    return values.toString();
  }
}
