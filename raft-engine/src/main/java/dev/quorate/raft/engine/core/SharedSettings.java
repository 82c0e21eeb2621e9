package dev.quorate.raft.engine.core;

import dev.quorate.raft.api.storage.LogEntry;
import dev.quorate.raft.engine.codec.ClusterSettingsCodec;
import dev.quorate.raft.engine.message.ClusterSettings;
import java.util.Optional;

/**
 * The settings that all members share (rule P12), as of what is applied here. A leader that has
 * come to its own first entry and found none appends the first: its own keys. Where two leaders do
 * so the first ones stay.
 *
 * <p>Of the lease (rule P9) each node is told when it comes to that entry, so that for a while some
 * work with leases and others do not. That does no harm in either direction, because a leader
 * relies on nothing but promises that were given to it, one by one, and a voter keeps what it
 * promised whatever the settings have become since.
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

  /** What is applied now has these. */
  void applied(ClusterSettings settings) {
    present = settings;
    state.leases(settings.lease());
  }

  /** A turn of a leader ends. */
  void endTurn(Leadership leading, Time now) {
    if (seed.isPresent()
        && !commands.isHeld()
        && present.version() == 0
        && seededInTerm != state.term()
        && state.appliedIndex() >= leading.noOpIndex()) {
      seededInTerm = state.term();
      commands.append(LogEntry.Type.SETTINGS, ClusterSettingsCodec.encode(seed.get()), now);
    }
  }
}
