package dev.quorate.raft.engine.runtime;

import dev.quorate.raft.api.GroupSettings;
import dev.quorate.raft.api.storage.LogEntry;
import dev.quorate.raft.engine.codec.ClusterSettingsCodec;
import dev.quorate.raft.engine.message.ClusterSettings;
import dev.quorate.raft.engine.message.Proposal;
import java.time.Duration;
import java.util.Optional;
import java.util.TreeMap;

/** The settings that all members share, as users see and change them. */
final class SettingsView {

  private SettingsView() {}

  /** What is shown; nothing before the first entry. */
  static Optional<GroupSettings> of(ClusterSettings settings) {
    return settings.version() == 0
        ? Optional.empty()
        : Optional.of(
            new GroupSettings(
                settings.version(),
                settings.lease(),
                settings.maxSessions(),
                settings.maxResults(),
                settings.maxResultBytes(),
                Duration.ofMillis(settings.sessionTimeoutMillis()),
                settings.priorities()));
  }

  /** What is to be appended so that these come after the version from which they are derived. */
  static Proposal change(GroupSettings settings) {
    return new Proposal(
        LogEntry.Type.SETTINGS,
        ClusterSettingsCodec.encode(
            new ClusterSettings(
                settings.version() + 1,
                settings.maxSessions(),
                settings.maxResults(),
                settings.maxResultBytes(),
                settings.sessionTimeout().toMillis(),
                settings.lease(),
                new TreeMap<>(settings.priorities()))));
  }
}
