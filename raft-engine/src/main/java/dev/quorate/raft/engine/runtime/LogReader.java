package dev.quorate.raft.engine.runtime;

import dev.quorate.raft.api.storage.GroupLog;
import dev.quorate.raft.api.storage.LogEntry;
import dev.quorate.raft.engine.core.Effects;
import java.io.IOException;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * Reads entries that the core no longer has in memory, off the node loop. A log that cannot be read
 * is damaged, and the node must not go on as if it had one.
 */
final class LogReader {

  private final GroupLog log;
  private final BiConsumer<Long, List<LogEntry>> result;
  private final Consumer<Throwable> fault;
  private final Mailbox mailbox;

  /**
   * A reader.
   *
   * @param result gets a request's token and what was read
   * @param fault is told why reading failed
   */
  LogReader(
      GroupLog log,
      Environment environment,
      BiConsumer<Long, List<LogEntry>> result,
      Consumer<Throwable> fault) {
    this.log = log;
    this.result = result;
    this.fault = fault;
    this.mailbox = new Mailbox(environment.blocking(), fault);
  }

  void read(Effects.LogRead read) {
    mailbox.post(
        () -> {
          try {
            result.accept(read.token(), log.read(read.from(), read.to(), read.maxBytes()));
          } catch (IOException e) {
            fault.accept(e);
          }
        });
  }

  /** Runs a task after all reads that were asked for before. */
  void stop(Runnable stopped) {
    mailbox.post(stopped);
  }
}
