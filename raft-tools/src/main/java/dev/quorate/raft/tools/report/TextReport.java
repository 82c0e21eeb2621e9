package dev.quorate.raft.tools.report;

import java.io.PrintWriter;
import java.util.List;
import java.util.Map;

/** Lines for people: the kind, then {@code name=value}; a sentence stands at the end. */
public final class TextReport implements Report {

  /** The name of a value that is a sentence. */
  public static final String SENTENCE = "what";

  private static final int KIND_WIDTH = 14;

  private final PrintWriter out;

  /** Says everything to a writer. */
  public TextReport(PrintWriter out) {
    this.out = out;
  }

  @Override
  public void say(Line line) {
    StringBuilder text = new StringBuilder(line.kind());
    String sentence = "";
    while (text.length() < KIND_WIDTH) {
      text.append(' ');
    }
    for (Map.Entry<String, Object> value : line.values().entrySet()) {
      if (value.getKey().equals(SENTENCE)) {
        sentence = " " + value.getValue();
      } else {
        text.append(' ').append(value.getKey()).append('=').append(shown(value.getValue()));
      }
    }
    out.println(text.append(sentence).toString().stripTrailing());
  }

  private static String shown(Object value) {
    if (value instanceof List<?> list) {
      return list.isEmpty() ? "-" : String.join(",", list.stream().map(Object::toString).toList());
    }
    String text = value.toString();
    return text.isEmpty() || text.contains(" ") ? JsonReport.quoted(text) : text;
  }
}
