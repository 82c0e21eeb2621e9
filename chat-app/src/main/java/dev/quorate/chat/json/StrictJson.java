package dev.quorate.chat.json;

import static dev.quorate.chat.json.UnreadableJsonException.Problem.INVALID;

import jakarta.json.bind.Jsonb;
import jakarta.json.bind.JsonbBuilder;
import jakarta.json.bind.JsonbConfig;
import jakarta.json.bind.JsonbException;
import java.util.Map;

/** Records from JSON and back, strictly. */
public final class StrictJson {

  /** Thread-safe, and slow to make: one for the process. */
  private static final Jsonb JSONB =
      JsonbBuilder.create(
          new JsonbConfig()
              .withCreatorParametersRequired(true)
              .setProperty("jsonb.fail-on-unknown-properties", true));

  private static final Jsonb INDENTING =
      JsonbBuilder.create(new JsonbConfig().withFormatting(true));

  private StrictJson() {}

  /**
   * Reads a record.
   *
   * @throws UnreadableJsonException if the text is anything but that record; the message names the
   *     key
   */
  public static <T extends Record> T read(String text, Class<T> type) {
    return bind(text, JsonTree.read(text), type, "");
  }

  /** Writes a record in one line. */
  public static String write(Object value) {
    return JSONB.toJson(value);
  }

  /** Writes a record in many lines, for people. */
  public static String writeIndented(Object value) {
    return INDENTING.toJson(value).strip() + "\n";
  }

  static <T> T bind(String text, Map<String, Object> tree, Class<T> type, String ignored) {
    RecordShape.check(tree, type, ignored);
    try {
      return JSONB.fromJson(text, type);
    } catch (JsonbException e) {
      throw new UnreadableJsonException(INVALID, rule(e));
    }
  }

  /** The words of the record's constructor, which Yasson wraps. */
  private static String rule(JsonbException e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof IllegalArgumentException) {
        return cause.getMessage();
      }
    }
    return e.getMessage();
  }
}
