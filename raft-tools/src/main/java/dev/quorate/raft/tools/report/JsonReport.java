package dev.quorate.raft.tools.report;

import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * One JSON object a line (RFC 8259), so that a log of any length can be taken line by line. The
 * kind is the value of {@code kind}.
 */
public final class JsonReport implements Report {

  private final PrintWriter out;

  /** Says everything to a writer. */
  public JsonReport(PrintWriter out) {
    this.out = out;
  }

  @Override
  public void say(Line line) {
    StringBuilder text = new StringBuilder("{\"kind\":").append(quoted(line.kind()));
    for (Map.Entry<String, Object> value : line.values().entrySet()) {
      text.append(',').append(quoted(value.getKey())).append(':').append(json(value.getValue()));
    }
    out.println(text.append('}'));
  }

  private static String json(Object value) {
    if (value instanceof List<?> list) {
      return list.stream().map(JsonReport::json).collect(Collectors.joining(",", "[", "]"));
    }
    return value instanceof String text ? quoted(text) : value.toString();
  }

  static String quoted(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        quoted.append('\\').append(c);
      } else if (c < ' ' || c == 0x7f) {
        quoted.append(String.format("\\u%04x", (int) c));
      } else {
        quoted.append(c);
      }
    }
    return quoted.append('"').toString();
  }
}
