package dev.quorate.raft.engine.core;

import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.storage.LogEntry;
import dev.quorate.raft.api.storage.RecoveredLog;
import dev.quorate.raft.engine.message.Message;
import dev.quorate.raft.engine.message.Peer;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.random.RandomGenerator;

/** Skeleton: signatures first, so that the runtime is written against them. */
public final class RaftCore {
  // self: this node; log: recovered, holding at least the bootstrap entry; bootstrap: the log's
  // first entry;
  // writeSequence: sequence of the last batch that was written by whoever came before (formation),
  // or 0
  public RaftCore(
      Peer self,
      CoreSettings settings,
      RecoveredLog log,
      LogEntry bootstrap,
      long writeSequence,
      RandomGenerator random,
      Time now) {
    throw new UnsupportedOperationException();
  }

  public void onMessage(Peer from, Message message, Time now, Effects effects) {}

  public void onCommand(long number, ByteBuffer command, Time now, Effects effects) {}

  public void onRead(long number, Time now, Effects effects) {}

  public void onTransfer(
      long number, NodeId target, long deadlineNanos, Time now, Effects effects) {}

  /** A command's or read's deadline passed: it ends now if it has not ended. */
  public void onDeadline(long number, Time now, Effects effects) {}

  public void onPersisted(long writeSequence, Time now, Effects effects) {}

  public void onApplied(long index, Time now, Effects effects) {}

  /** entries empty: the range is no longer there. */
  public void onLogRead(long token, List<LogEntry> entries, Time now, Effects effects) {}

  /** Whether the storage has room for new commands (P5). */
  public void onSpace(boolean hasSpace, Time now, Effects effects) {}

  /** The state machine threw (P15): never lead or serve again, go on persisting and voting. */
  public void onApplyFailed(String reason, Time now, Effects effects) {}

  public void onWakeUp(Time now, Effects effects) {}

  /** Ends a turn: batches what the inputs caused into messages and one write. */
  public void endTurn(Time now, Effects effects) {}

  /** When onWakeUp is wanted next, in nanos of Time. */
  public long nextWakeUp() {
    return 0;
  }

  public CoreView view() {
    return null;
  }
}
