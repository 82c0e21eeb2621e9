package dev.quorate.raft.engine.core;

import dev.quorate.raft.api.storage.LogEntry;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads of the log that are under way, by token (rule P17): a slow peer's entries come from the
 * disk without holding up the turn. An answer reaches whoever asked, who decides whether it is
 * still wanted.
 */
final class LogReads {

  private final Map<Long, Reader> underWay = new HashMap<>();
  private long lastToken;

  /** Takes what was read; empty where the range is no longer in the log. */
  @FunctionalInterface
  interface Reader {
    void read(long token, List<LogEntry> entries);
  }

  /** Asks for entries and returns the token. */
  long ask(long from, long to, long maxBytes, Reader reader, Effects effects) {
    long token = ++lastToken;
    underWay.put(token, reader);
    effects.readLog(token, from, to, maxBytes);
    return token;
  }

  void answer(long token, List<LogEntry> entries) {
    Reader reader = underWay.remove(token);
    if (reader == null) {
      throw new InvariantViolation("nobody asked for log read " + token);
    }
    reader.read(token, entries);
  }
}
