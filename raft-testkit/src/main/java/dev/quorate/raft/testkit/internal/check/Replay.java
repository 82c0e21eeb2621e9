package dev.quorate.raft.testkit.internal.check;

import dev.quorate.raft.api.ApplyContext;
import dev.quorate.raft.api.StateMachine;
import dev.quorate.raft.api.storage.LogEntry;

/** Applies the entries of a log as a node does. */
final class Replay {

  private Replay() {}

  /** Applies an entry; the result is empty if it is no command. */
  static byte[] apply(StateMachine machine, LogEntry entry) {
    if (entry.type() != LogEntry.Type.COMMAND) {
      return new byte[0];
    }
    return machine.apply(
        new ApplyContext(
            entry.index(), entry.term(), entry.wallTimeMillis(), entry.clusterTimeMillis()),
        entry.payload());
  }
}
