package dev.quorate.raft.engine.core;

import dev.quorate.raft.api.storage.LogEntry;
import dev.quorate.raft.engine.codec.ClusterSettingsCodec;
import dev.quorate.raft.engine.codec.DecodeException;
import dev.quorate.raft.engine.message.ClusterSettings;
import java.util.Optional;

/**
 * The settings that all members share (rule P12), as of the entries that were handed over to be
 * applied. A leader that has come to its own first entry and found none appends the first: its own
 * keys. Where two leaders do so, or one that knows only what was compacted, the first ones stay.
 */
final class SharedSettings {

  private final NodeState state;
  private final Commands commands;
  private Optional<ClusterSettings> seed = Optional.empty();
  private ClusterSettings present = ClusterSettings.NONE;
  private long seededInTerm = -1;

  SharedSettings(NodeState state, Commands commands) {
    this.state = state;
    this.commands = commands;
  }

  /** What to append where there are none; without it nothing is. */
  void seed(ClusterSettings first) {
    seed = Optional.of(first);
  }

  /** A committed entry goes to the state machine. */
  void handedOver(LogEntry entry) {
    if (entry.type() == LogEntry.Type.SETTINGS) {
      try {
        ClusterSettings next = ClusterSettingsCodec.decode(entry.payload());
        present = next.follows(present) ? next : present;
      } catch (DecodeException e) {
        // The applier stops at this entry, says why, and this node does not lead any more.
        seed = Optional.empty();
      }
    }
  }

  /** A turn of a leader ends. */
  void endTurn(Leadership leading, Time now) {
    if (seed.isPresent()
        && present.version() == 0
        && seededInTerm != state.term()
        && state.appliedIndex() >= leading.noOpIndex()) {
      seededInTerm = state.term();
      commands.append(LogEntry.Type.SETTINGS, ClusterSettingsCodec.encode(seed.get()), now);
    }
  }
}
