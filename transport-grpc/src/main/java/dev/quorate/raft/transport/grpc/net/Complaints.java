package dev.quorate.raft.transport.grpc.net;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * Says what is wrong with the other end, without becoming a flood: one line a place and minute, and
 * not more than a hundred places a minute. Only the event loop calls.
 */
final class Complaints {

  private static final long QUIET_NANOS = Duration.ofMinutes(1).toNanos();
  private static final int MAX_PLACES = 100;

  private final Logger logger;
  private final Map<String, Long> saidAt = new HashMap<>();

  Complaints(Logger logger) {
    this.logger = logger;
  }

  /** Logs the message unless the place was complained about within a minute. */
  void say(Level level, String place, String message) {
    long now = System.nanoTime();
    saidAt.values().removeIf(at -> now - at >= QUIET_NANOS);
    if (saidAt.size() >= MAX_PLACES || saidAt.putIfAbsent(place, now) != null) {
      return;
    }
    // Parts of the message come from strangers, who must not write lines of their own into the log.
    logger.log(level, message.replaceAll("\\p{Cntrl}", "?"));
  }
}
