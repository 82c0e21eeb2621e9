package dev.quorate.raft.testkit.internal.run;

import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * How much callers ask of a cluster.
 *
 * @param callers how many there are, besides the clients of sessions
 * @param pace how long each, and each client of sessions, waits between two calls, on average;
 *     drawn if empty
 * @param readPercent how many of a caller's calls are reads; a third if empty
 * @param sessions how many clients of sessions there are; a few, drawn, if empty
 */
public record Load(
    int callers,
    Optional<Duration> pace,
    Optional<Integer> readPercent,
    Optional<Integer> sessions) {

  /** One caller, who is slow or fast. */
  public static final Load DRAWN =
      new Load(1, Optional.empty(), Optional.empty(), Optional.empty());

  private static final int THIRD = 3;
  private static final int HUNDRED = 100;

  /** The same with so many callers. */
  public Load of(int count) {
    return new Load(count, pace, readPercent, sessions);
  }

  /** The same at that pace. */
  public Load at(Duration mean) {
    return new Load(callers, Optional.of(mean), readPercent, sessions);
  }

  /** The same with that share of reads. */
  public Load reading(int percent) {
    return new Load(callers, pace, Optional.of(percent), sessions);
  }

  /** The same with so many clients of sessions. */
  public Load withSessions(int count) {
    return new Load(callers, pace, readPercent, Optional.of(count));
  }

  /** The pace in nanoseconds. */
  Optional<Long> paceNanos() {
    return pace.map(Duration::toNanos);
  }

  /** Whether the next call is a read. */
  boolean isRead(RandomGenerator random) {
    return readPercent
        .map(percent -> random.nextInt(HUNDRED) < percent)
        .orElseGet(() -> random.nextInt(THIRD) == 0);
  }
}
