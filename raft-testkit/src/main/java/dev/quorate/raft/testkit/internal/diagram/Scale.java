package dev.quorate.raft.testkit.internal.diagram;

import dev.quorate.raft.testkit.internal.trace.Trace;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Where on the page a moment is. Time runs downward, not evenly: a burst of events within a
 * microsecond must be legible, and a second in which nothing happens must not take a page.
 */
final class Scale {

  private static final double LEAST = 3;
  private static final double MOST = 40;
  private static final double PER_MILLI = 4;
  private static final double NANOS_PER_MILLI = 1e6;

  private final TreeMap<Long, Double> positions = new TreeMap<>();
  private final double end;

  /** A scale on which all these events have a place. */
  Scale(List<Trace.Line> lines, double top) {
    double y = top;
    long before = lines.isEmpty() ? 0 : lines.get(0).atNanos();
    for (Trace.Line line : lines) {
      double millis = (line.atNanos() - before) / NANOS_PER_MILLI;
      y += Math.min(MOST, Math.max(LEAST, millis * PER_MILLI));
      positions.put(line.atNanos(), y);
      before = line.atNanos();
    }
    end = y + MOST;
  }

  /** Where a moment is: that of the last event that is not later, or the top. */
  double at(long nanos) {
    Map.Entry<Long, Double> entry = positions.floorEntry(nanos);
    return entry != null ? entry.getValue() : positions.isEmpty() ? 0 : top();
  }

  private double top() {
    return positions.firstEntry().getValue() - LEAST;
  }

  /** Below everything. */
  double end() {
    return end;
  }
}
