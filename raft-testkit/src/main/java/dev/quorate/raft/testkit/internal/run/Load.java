package dev.quorate.raft.testkit.internal.run;

import java.time.Duration;
import java.util.Optional;

/**
 * How much callers ask of a cluster.
 *
 * @param callers how many there are, besides the clients of sessions
 * @param pace how long each, and each client of sessions, waits between two calls, on average;
 *     drawn if empty
 */
public record Load(int callers, Optional<Duration> pace) {

  /** One caller, who is slow or fast. */
  public static final Load DRAWN = new Load(1, Optional.empty());

  /** The same with so many callers. */
  public Load of(int count) {
    return new Load(count, pace);
  }

  /** The same at that pace. */
  public Load at(Duration mean) {
    return new Load(callers, Optional.of(mean));
  }

  /** The pace in nanoseconds. */
  Optional<Long> paceNanos() {
    return pace.map(Duration::toNanos);
  }
}
