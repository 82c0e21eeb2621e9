package dev.quorate.raft.testkit.internal.time;

import java.util.OptionalLong;

/**
 * One machine's clocks. The monotonic one has an origin and a rate of its own and never goes back;
 * the wall clock may be set to anything.
 */
public final class NodeClock {

  private static final long MILLI = 1_000_000;
  private static final double PER_MILLION = 1e-6;

  private final Agenda agenda;
  private final long originNanos;
  private double rate = 1;
  private long sinceTrue;
  private long sinceLocal;
  private long wallOffsetMillis;
  private OptionalLong stoppedAtMillis = OptionalLong.empty();
  private int stops;

  /**
   * A clock with the true rate.
   *
   * @param originNanos what it shows at the beginning
   * @param wallOffsetMillis what its wall clock shows then
   */
  public NodeClock(Agenda agenda, long originNanos, long wallOffsetMillis) {
    this.agenda = agenda;
    this.originNanos = originNanos;
    this.wallOffsetMillis = wallOffsetMillis;
  }

  /** From now on it is that many millionths too fast (or, negative, too slow). */
  public void drift(int partsPerMillion) {
    long local = elapsed();
    sinceTrue = agenda.now();
    sinceLocal = local;
    rate = 1 + partsPerMillion * PER_MILLION;
  }

  /** Sets the wall clock forward, or back. */
  public void stepWall(long millis) {
    goOn();
    wallOffsetMillis += millis;
  }

  /** The wall clock stands still for so long, or until it is set. */
  public void stopWall(long nanos) {
    if (stoppedAtMillis.isEmpty()) {
      stoppedAtMillis = OptionalLong.of(wallMillis());
      stops++;
      int stop = stops;
      agenda.after(
          nanos,
          () -> {
            if (stop == stops) {
              goOn();
            }
          });
    }
  }

  private void goOn() {
    long shown = wallMillis();
    stoppedAtMillis = OptionalLong.empty();
    wallOffsetMillis += shown - wallMillis();
  }

  private long elapsed() {
    return sinceLocal + (long) ((agenda.now() - sinceTrue) * rate);
  }

  /** The monotonic clock. */
  public long nanoTime() {
    return originNanos + elapsed();
  }

  /** The wall clock. */
  public long wallMillis() {
    return stoppedAtMillis.orElseGet(() -> wallOffsetMillis + elapsed() / MILLI);
  }

  /** How long it really takes until this clock has advanced by that much. */
  public long trueNanos(long localNanos) {
    // A timer never rings early; rounding up keeps that so.
    return (long) Math.ceil(localNanos / rate);
  }
}
