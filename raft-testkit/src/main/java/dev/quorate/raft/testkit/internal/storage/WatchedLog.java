package dev.quorate.raft.testkit.internal.storage;

import dev.quorate.raft.api.storage.GroupLog;
import dev.quorate.raft.api.storage.LogEntry;
import dev.quorate.raft.api.storage.NoSpaceException;
import dev.quorate.raft.api.storage.RecoveredLog;
import dev.quorate.raft.api.storage.WriteBatch;
import java.io.IOException;
import java.util.List;

/** An open log, with a model of what it promised. */
final class WatchedLog implements GroupLog {

  private final GroupLog log;
  private final WatchedGroup group;
  private final UnforcedCommands unforced;

  WatchedLog(GroupLog log, WatchedGroup group, UnforcedCommands unforced) {
    this.log = log;
    this.group = group;
    this.unforced = unforced;
  }

  @Override
  public RecoveredLog recovered() {
    return log.recovered();
  }

  @Override
  public void write(WriteBatch batch) throws IOException {
    // Before it is written, because a crash in the middle may leave it there or not.
    group.writing(batch);
    try {
      log.write(batch);
      unforced.written(batch);
    } catch (NoSpaceException e) {
      group.unwritten();
      throw e;
    } catch (IOException e) {
      group.failed();
      throw e;
    }
  }

  @Override
  public List<LogEntry> read(long from, long to, long maxBytes) throws IOException {
    return log.read(from, to, maxBytes);
  }

  @Override
  public void close() throws IOException {
    log.close();
  }
}
