package dev.quorate.raft.engine.runtime;

import java.time.Duration;

/**
 * What bounds the calls of a process, of a node's or of a client's.
 *
 * @param callTimeout the default deadline
 * @param maxCommandBytes the longest command or query
 * @param maxPendingCalls how many calls may be under way
 * @param patienceNanos how long the first attempt of a session may take
 */
public record CallSettings(
    Duration callTimeout, int maxCommandBytes, int maxPendingCalls, long patienceNanos) {

  /** Those of a node. */
  static CallSettings of(EngineSettings settings) {
    return new CallSettings(
        settings.callTimeout(),
        settings.maxCommandBytes(),
        settings.maxPendingCalls(),
        2 * settings.core().electionMaxNanos());
  }
}
