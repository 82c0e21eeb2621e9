package dev.quorate.raft.testkit.internal.diagram;

import dev.quorate.raft.engine.message.Message;
import dev.quorate.raft.testkit.internal.trace.Frame;
import dev.quorate.raft.testkit.internal.trace.Trace;
import dev.quorate.raft.testkit.internal.trace.Trace.Event;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** One page: lanes with roles and terms, messages, crashes and commits, details under the mouse. */
public final class SpaceTimeDiagram {

  private static final double MARGIN = 110;
  private static final double LANE = 190;
  private static final double TOP = 40;
  private static final double TEXT_HEIGHT = 11;
  private static final double LOST = 0.6;
  private static final long NANOS_PER_MICRO = 1_000;
  private static final int LONGEST_TEXT = 60;

  private final StringBuilder page = new StringBuilder();
  private final List<Trace.Line> lines;
  private final Scale scale;
  private final Map<String, Double> lanes = new TreeMap<>();
  private final Map<Double, Double> lastText = new TreeMap<>();

  private SpaceTimeDiagram(List<Trace.Line> lines) {
    this.lines = lines;
    this.scale = new Scale(lines, TOP);
    lines.stream()
        .map(Trace.Line::node)
        .filter(node -> !node.isEmpty())
        .sorted()
        .distinct()
        .forEach(node -> lanes.put(node, MARGIN + LANE * lanes.size() + LANE / 2));
  }

  /**
   * Draws.
   *
   * @param title what the page is of, in one or more lines
   * @param lines the events, oldest first
   * @return an HTML page
   */
  public static String html(String title, List<Trace.Line> lines) {
    SpaceTimeDiagram diagram = new SpaceTimeDiagram(lines);
    diagram.draw(title);
    return diagram.page.toString();
  }

  private void draw(String title) {
    page.append("<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>")
        .append(escaped(title.lines().findFirst().orElse("")))
        .append("</title><style>")
        .append(Style.SHEET)
        .append("</style></head><body><pre>")
        .append(escaped(title))
        .append("</pre>")
        .append(Style.SWITCHES)
        .append(format("<svg width=\"%.0f\" height=\"%.0f\">", width(), scale.end()));
    moments();
    lanes.forEach(this::lane);
    lines.forEach(this::event);
    lanes.forEach((node, x) -> text("name", x, TOP - 14, node));
    page.append("</svg></body></html>\n");
  }

  private double width() {
    return 3 * MARGIN + LANE * lanes.size();
  }

  /** Times at the margin, as often as there is room for them. */
  private void moments() {
    double free = TOP;
    for (Trace.Line line : lines) {
      double y = scale.at(line.atNanos());
      if (y >= free) {
        text("time", MARGIN - 8, y, format("%,d µs", line.atNanos() / NANOS_PER_MICRO));
        free = y + 14;
      }
    }
  }

  /** A lane is a stretch for each role and term; where there is none the node is down. */
  private void lane(String node, double x) {
    String style = "";
    double from = 0;
    for (Trace.Line line : lines) {
      if (line.node().equals(node) && changesLane(line.event())) {
        double y = scale.at(line.atNanos());
        stretch(style, x, from, y);
        from = y;
        style = line.event() == Event.ROLE ? roleStyle(line.text()) : "";
      }
    }
    stretch(style, x, from, scale.end());
  }

  private static boolean changesLane(Event event) {
    return event == Event.ROLE || event == Event.CRASH || event == Event.REFUSED;
  }

  private void stretch(String style, double x, double from, double to) {
    if (!style.isEmpty() && to > from) {
      page.append(
              format("<line x1=\"%1$.1f\" x2=\"%1$.1f\" y1=\"%2$.1f\" y2=\"%3$.1f\" ", x, from, to))
          .append(style)
          .append("/>");
    }
  }

  /** Every term has its colour, every role its width. */
  private static String roleStyle(String roleInTerm) {
    String[] words = roleInTerm.split(" ", -1);
    long term = Long.parseLong(words[words.length - 1]);
    return format(
        "class=\"%s\" stroke=\"hsl(%d 70%% 45%%)\"",
        words[0].toLowerCase(Locale.ROOT), Math.floorMod(210 + term * 137, 360L));
  }

  private void event(Trace.Line line) {
    double y = scale.at(line.atNanos());
    Double x = lanes.get(line.node());
    if (x == null) {
      page.append(
          format(
              "<line class=\"phase\" x1=\"0\" x2=\"%.0f\" y1=\"%2$.1f\" y2=\"%2$.1f\"/>",
              width(), y));
      text("phase", MARGIN, y - 3, line.text());
    } else if (line.detail() instanceof Frame frame) {
      frame(line, frame, y);
    } else {
      node(line, x, y);
    }
  }

  /** A message is drawn where it ends: it came in, or is lost on the way. */
  private void frame(Trace.Line line, Frame frame, double y) {
    if (line.event() == Event.SEND) {
      return;
    }
    Double from = lanes.get(frame.from().value());
    Double to = lanes.get(frame.to().value());
    if (from == null || to == null) {
      return;
    }
    boolean lost = line.event() == Event.LOSE;
    double endX = lost ? from + (to - from) * LOST : to;
    double startY = scale.at(frame.sentNanos());
    page.append(format("<g class=\"%s%s\">", kind(frame.message()), lost ? " lost" : ""))
        .append(title(line))
        .append(
            format(
                "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>", from, startY, endX, y));
    if (lost) {
      text("cross", endX, y + 4, "✕");
    } else {
      page.append(format("<circle cx=\"%.1f\" cy=\"%.1f\" r=\"2\"/>", endX, y));
    }
    page.append("</g>");
  }

  private static String kind(Message message) {
    if (message instanceof Message.Heartbeat || message instanceof Message.HeartbeatResponse) {
      return "beat";
    }
    if (message instanceof Message.VoteRequest
        || message instanceof Message.VoteResponse
        || message instanceof Message.TimeoutNow) {
      return "vote";
    }
    return message instanceof Message.Consensus ? "log" : "other";
  }

  private void node(Trace.Line line, double x, double y) {
    switch (line.event()) {
      case CRASH, REFUSED, FAULT, PAUSE, CLOSE -> mark("bad", line, x, y);
      case START, STARTED -> mark("start", line, x, y);
      case ROLE -> mark("role", line, x, y);
      case COMMIT -> mark("commit", line, x, y);
      case SUBMIT, READ, OUTCOME -> mark("call", line, x, y);
      default -> mark("disk", line, x, y);
    }
  }

  private void mark(String style, Trace.Line line, double x, double y) {
    page.append(format("<g class=\"%s\">", style)).append(title(line));
    page.append(format("<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3\"/>", x, y));
    String what = style.equals("role") ? "" : line.event().name().toLowerCase(Locale.ROOT) + " ";
    text("", x + 7, freeTextLine(x, y + 4), shortened(what + line.text()));
    page.append("</g>");
  }

  /** What happens at one node at one moment is written one below the other. */
  private double freeTextLine(double lane, double wanted) {
    double y = Math.max(wanted, lastText.getOrDefault(lane, 0.0) + TEXT_HEIGHT);
    lastText.put(lane, y);
    return y;
  }

  private static String title(Trace.Line line) {
    return "<title>"
        + format("%,d µs ", line.atNanos() / NANOS_PER_MICRO)
        + escaped(line.event() + " " + line.text())
        + "</title>";
  }

  private void text(String style, double x, double y, String text) {
    page.append(format("<text class=\"%s\" x=\"%.1f\" y=\"%.1f\">", style, x, y))
        .append(escaped(text))
        .append("</text>");
  }

  private static String shortened(String text) {
    return text.length() <= LONGEST_TEXT ? text : text.substring(0, LONGEST_TEXT) + "…";
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  private static String format(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
