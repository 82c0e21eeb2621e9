package dev.quorate.raft.tools.report;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One thing that is said: of what kind it is, and named values in their order. A value is a text, a
 * number, a flag, or a list of texts. Immutable.
 */
public final class Line {

  private final String kind;
  private final Map<String, Object> values;

  private Line(String kind, Map<String, Object> values) {
    this.kind = kind;
    this.values = values;
  }

  /** A line without values. */
  public static Line of(String kind) {
    return new Line(kind, new LinkedHashMap<>());
  }

  /** The line with a text. */
  public Line with(String name, String value) {
    return and(name, value);
  }

  /** The line with a number. */
  public Line with(String name, long value) {
    return and(name, value);
  }

  /** The line with a flag. */
  public Line with(String name, boolean value) {
    return and(name, value);
  }

  /** The line with a list of texts. */
  public Line with(String name, List<String> value) {
    return and(name, List.copyOf(value));
  }

  /** The line with a text, if there is one. */
  public Line with(String name, Optional<String> value) {
    return value.isPresent() ? and(name, value.get()) : this;
  }

  /** The line with 64 bits, in hexadecimal: random numbers and hashes are told apart by eye. */
  public Line withBits(String name, long value) {
    return and(name, String.format("%016x", value));
  }

  private Line and(String name, Object value) {
    Map<String, Object> more = new LinkedHashMap<>(values);
    more.put(name, value);
    return new Line(kind, more);
  }

  /** What kind of thing is said. */
  public String kind() {
    return kind;
  }

  /** The values by name, in their order. */
  public Map<String, Object> values() {
    return Collections.unmodifiableMap(values);
  }
}
