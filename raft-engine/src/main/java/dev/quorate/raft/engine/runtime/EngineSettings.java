package dev.quorate.raft.engine.runtime;

import dev.quorate.raft.api.GroupSettings;
import dev.quorate.raft.api.RaftNode;
import dev.quorate.raft.api.config.ConfigurationException;
import dev.quorate.raft.api.config.Settings;
import dev.quorate.raft.api.storage.LogEntry;
import dev.quorate.raft.api.storage.Storage;
import dev.quorate.raft.engine.codec.Envelope;
import dev.quorate.raft.engine.codec.MessageCodec;
import dev.quorate.raft.engine.codec.SessionCodec;
import dev.quorate.raft.engine.core.CoreSettings;
import dev.quorate.raft.engine.message.ClusterSettings;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The engine's keys, read once and checked together.
 *
 * @param group the group's id
 * @param maxGroups how many groups a host may have
 * @param quietAfter how long nothing must have happened before a group rests; zero: it never does
 * @param callTimeout the default deadline of calls
 * @param maxCommandBytes the longest command or query
 * @param maxFrameBytes the longest frame
 * @param maxPendingCalls how many calls of this process may be under way
 * @param recordedEvents how many events the flight recorder keeps
 * @param core what the core needs
 * @param snapshots when snapshots are taken, kept and sent
 * @param clients whom it serves outside the cluster
 * @param seed the cluster's first settings, if this node is the first to lead
 */
public record EngineSettings(
    String group,
    int maxGroups,
    Duration quietAfter,
    Duration callTimeout,
    int maxCommandBytes,
    int maxFrameBytes,
    int maxPendingCalls,
    int recordedEvents,
    CoreSettings core,
    SnapshotKeys snapshots,
    ClientKeys clients,
    ClusterSettings seed) {

  static final String PREFIX = "raft.";
  static final String TRANSPORT = "raft.transport";
  static final String STORAGE = "raft.storage";
  static final String GROUP = "raft.group";
  static final String MAX_GROUPS = "raft.max-groups";
  static final String QUIET_AFTER = "raft.quiet-after";
  static final String HEARTBEAT = "raft.heartbeat";
  static final String ELECTION_MIN = "raft.election-timeout.min";
  static final String ELECTION_MAX = "raft.election-timeout.max";
  static final String LEASE = "raft.lease";
  static final String CALL_TIMEOUT = "raft.call-timeout";
  static final String MAX_COMMAND_BYTES = "raft.max-command-bytes";
  static final String MAX_BATCH_BYTES = "raft.max-batch-bytes";
  static final String MAX_FRAME_BYTES = "raft.max-frame-bytes";
  static final String MAX_IN_FLIGHT_BYTES = "raft.max-in-flight-bytes";
  static final String MAX_UNCOMMITTED_BYTES = "raft.max-uncommitted-bytes";
  static final String MAX_PENDING_CALLS = "raft.max-pending-calls";
  static final String ENTRY_CACHE_BYTES = "raft.entry-cache-bytes";
  static final String RECORDED_EVENTS = "raft.recorder.events";
  static final String MAX_SESSIONS = "raft.max-sessions";
  static final String SESSION_MAX_RESULTS = "raft.session.max-results";
  static final String SESSION_MAX_RESULT_BYTES = "raft.session.max-result-bytes";
  static final String SESSION_TIMEOUT = "raft.session.timeout";

  private static final List<String> KNOWN =
      List.of(
          TRANSPORT,
          STORAGE,
          GROUP,
          MAX_GROUPS,
          QUIET_AFTER,
          HEARTBEAT,
          ELECTION_MIN,
          ELECTION_MAX,
          LEASE,
          CALL_TIMEOUT,
          MAX_COMMAND_BYTES,
          MAX_BATCH_BYTES,
          MAX_FRAME_BYTES,
          MAX_IN_FLIGHT_BYTES,
          MAX_UNCOMMITTED_BYTES,
          MAX_PENDING_CALLS,
          ENTRY_CACHE_BYTES,
          RECORDED_EVENTS,
          MAX_SESSIONS,
          SESSION_MAX_RESULTS,
          SESSION_MAX_RESULT_BYTES,
          SESSION_TIMEOUT);

  private static final List<String> ALL_KNOWN =
      Stream.of(KNOWN, SnapshotKeys.KNOWN, ClientKeys.KNOWN).flatMap(List::stream).toList();

  /** What all groups of a host share, and none can have otherwise. */
  private static final List<String> OF_THE_HOST =
      List.of(TRANSPORT, STORAGE, GROUP, MAX_GROUPS, MAX_FRAME_BYTES);

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,64}");
  private static final int HEARTBEATS_PER_ELECTION = 3;
  private static final long KIB = 1_024;
  private static final long MIB = 1_024 * KIB;
  private static final long GIB = 1_024 * MIB;

  /**
   * Reads and checks all keys of the engine.
   *
   * @param transport the name of the transport in use, whose keys are its own business
   * @param storage the name of the storage in use, likewise
   * @throws ConfigurationException if a key is unknown, a value ill-formed, or values do not fit
   *     together; the message names keys and values
   */
  public static EngineSettings of(Settings settings, String transport, String storage) {
    requireKnown(settings, transport, storage);
    String group = requireGroupId(settings.text(GROUP, RaftNode.DEFAULT_GROUP));
    Duration heartbeat = duration(settings, HEARTBEAT, Duration.ofMillis(50));
    Duration electionMin = duration(settings, ELECTION_MIN, Duration.ofMillis(300));
    Duration electionMax = duration(settings, ELECTION_MAX, Duration.ofMillis(600));
    require(
        heartbeat.multipliedBy(HEARTBEATS_PER_ELECTION).compareTo(electionMin) <= 0,
        ELECTION_MIN + "=" + show(electionMin),
        "at least " + HEARTBEATS_PER_ELECTION + " times " + HEARTBEAT + "=" + show(heartbeat));
    require(
        electionMin.compareTo(electionMax) < 0,
        ELECTION_MAX + "=" + show(electionMax),
        "more than " + ELECTION_MIN + "=" + show(electionMin));
    int maxCommand = (int) settings.bytes(MAX_COMMAND_BYTES, MIB, 1, 64 * MIB);
    int maxBatch = (int) settings.bytes(MAX_BATCH_BYTES, 256 * KIB, KIB, 64 * MIB);
    int maxFrame = (int) settings.bytes(MAX_FRAME_BYTES, 4 * MIB, 4 * KIB, 256 * MIB);
    long maxInFlight = settings.bytes(MAX_IN_FLIGHT_BYTES, MIB, KIB, 4 * GIB);
    long maxUncommitted = settings.bytes(MAX_UNCOMMITTED_BYTES, 16 * MIB, KIB, 4 * GIB);
    // A batch ends with the entry that makes it full, and that entry may hold the longest command.
    long longestFrame = maxBatch + maxCommand + overheadBytes();
    require(
        longestFrame <= maxFrame,
        MAX_FRAME_BYTES + "=" + maxFrame,
        "at least "
            + longestFrame
            + ": "
            + MAX_BATCH_BYTES
            + "="
            + maxBatch
            + ", "
            + MAX_COMMAND_BYTES
            + "="
            + maxCommand
            + " and "
            + overheadBytes()
            + " around them");
    require(
        maxBatch <= maxInFlight,
        MAX_IN_FLIGHT_BYTES + "=" + maxInFlight,
        "at least " + MAX_BATCH_BYTES + "=" + maxBatch);
    require(
        maxCommand + SessionCodec.COMMAND_OVERHEAD_BYTES <= maxUncommitted,
        MAX_UNCOMMITTED_BYTES + "=" + maxUncommitted,
        "at least "
            + MAX_COMMAND_BYTES
            + "="
            + maxCommand
            + " and "
            + SessionCodec.COMMAND_OVERHEAD_BYTES
            + " around it in a session");
    int maxPending = (int) settings.number(MAX_PENDING_CALLS, 10_000, 1, 10_000_000);
    return new EngineSettings(
        group,
        (int) settings.number(MAX_GROUPS, 4_096, 1, 1_000_000),
        settings.duration(QUIET_AFTER, Duration.ZERO, Duration.ZERO, Duration.ofDays(1)),
        settings.duration(
            CALL_TIMEOUT, Duration.ofSeconds(5), Duration.ofMillis(1), Duration.ofHours(1)),
        maxCommand,
        maxFrame,
        maxPending,
        (int) settings.number(RECORDED_EVENTS, 256, 16, 65_536),
        new CoreSettings(
            heartbeat.toNanos(),
            electionMin.toNanos(),
            electionMax.toNanos(),
            maxBatch,
            maxInFlight,
            maxUncommitted,
            maxPending,
            settings.bytes(ENTRY_CACHE_BYTES, 16 * MIB, 0, 16 * GIB),
            Long.MAX_VALUE),
        SnapshotKeys.of(settings),
        ClientKeys.of(settings),
        seed(settings));
  }

  private static ClusterSettings seed(Settings settings) {
    return new ClusterSettings(
        1,
        (int) settings.number(MAX_SESSIONS, 4_096, 0, GroupSettings.MAX_SESSIONS),
        (int) settings.number(SESSION_MAX_RESULTS, 64, 1, GroupSettings.MAX_RESULTS),
        settings.bytes(SESSION_MAX_RESULT_BYTES, 64 * KIB, 1, GroupSettings.MAX_RESULT_BYTES),
        settings
            .duration(
                SESSION_TIMEOUT,
                Duration.ofMinutes(10),
                GroupSettings.MIN_SESSION_TIMEOUT,
                GroupSettings.MAX_SESSION_TIMEOUT)
            .toMillis(),
        settings.flag(LEASE, false));
  }

  /**
   * The same with the bounds that a storage's reserve sets: what is on its way to the disk must
   * have room there when space ends meanwhile (rule P5).
   *
   * @throws ConfigurationException if the longest command alone has not
   */
  EngineSettings within(long reserveBytes) {
    long longest =
        reserveBytes
            - LogEntry.HEADER_BYTES
            - Storage.ENTRY_OVERHEAD_BYTES
            - SessionCodec.COMMAND_OVERHEAD_BYTES;
    require(
        maxCommandBytes <= longest,
        MAX_COMMAND_BYTES + "=" + maxCommandBytes,
        "at most "
            + longest
            + ", which is what the storage keeps in reserve ("
            + reserveBytes
            + " bytes, half of a segment with the storage 'file') less what is around a command");
    return new EngineSettings(
        group,
        maxGroups,
        quietAfter,
        callTimeout,
        maxCommandBytes,
        maxFrameBytes,
        maxPendingCalls,
        recordedEvents,
        core.within(reserveBytes),
        snapshots,
        clients,
        seed);
  }

  /** The longest result of a command that can be sent to another node, in bytes. */
  int maxResultBytes() {
    return maxFrameBytes - overheadBytes();
  }

  private static int overheadBytes() {
    return Envelope.MAX_BYTES
        + MessageCodec.MAX_FIXED_BYTES
        + LogEntry.HEADER_BYTES
        + SessionCodec.COMMAND_OVERHEAD_BYTES;
  }

  private static Duration duration(Settings settings, String key, Duration byDefault) {
    return settings.duration(key, byDefault, Duration.ofMillis(1), Duration.ofMinutes(10));
  }

  private static String show(Duration duration) {
    return duration.toNanos() / 1_000 % 1_000 == 0
        ? duration.toMillis() + "ms"
        : duration.toNanos() / 1_000 + "us";
  }

  private static void require(boolean holds, String value, String accepted) {
    if (!holds) {
      throw new ConfigurationException(value + " does not fit: it must be " + accepted);
    }
  }

  /**
   * Refuses what is no group's id.
   *
   * @param group the id
   * @return the same
   * @throws ConfigurationException if it has another form
   */
  public static String requireGroupId(String group) {
    if (!NAME.matcher(group).matches() || group.equals(Envelope.ALL_GROUPS)) {
      throw new ConfigurationException(
          "'"
              + group
              + "' is no value for '"
              + GROUP
              + "': it takes 1 to 64 letters, digits, '.', '_' or '-', but not '--'");
    }
    return group;
  }

  /**
   * Refuses a key for one group that is all groups'.
   *
   * @param key the key
   * @throws ConfigurationException if it is
   */
  public static void requireOfGroup(String key) {
    if (OF_THE_HOST.contains(key)
        || key.startsWith(TRANSPORT + ".")
        || key.startsWith(STORAGE + ".")) {
      throw new ConfigurationException(
          "'"
              + key
              + "' is not of one group: it is set for the host, and holds for all its groups");
    }
  }

  /**
   * Refuses settings of a host that are of one group alone.
   *
   * @param settings the host's settings
   * @throws ConfigurationException if they name a group
   */
  public static void requireOfHost(Settings settings) {
    if (settings.asMap().containsKey(GROUP)) {
      throw new ConfigurationException(
          "'" + GROUP + "' is of no use for a host: its groups are named as they are started");
    }
  }

  /**
   * The settings of one group of a host.
   *
   * @param ofHost the host's settings, with which the group's begin
   * @param group the group's id
   * @return with the group's id
   */
  public static Settings ofGroup(Settings ofHost, String group) {
    return ofHost.with(GROUP, group);
  }

  /**
   * Keys below the plug-ins' prefixes are checked by the plug-ins in use, and are errors for
   * others.
   */
  private static void requireKnown(Settings settings, String transport, String storage) {
    for (String key : settings.asMap().keySet()) {
      if (!key.startsWith(PREFIX)) {
        throw new ConfigurationException(
            "unknown key '" + key + "'; every key begins with '" + PREFIX + "'");
      }
      if (!isOfPlugIn(key, TRANSPORT, transport) && !isOfPlugIn(key, STORAGE, storage)) {
        Settings.empty().with(key, "").requireKnown(PREFIX, ALL_KNOWN);
      }
    }
  }

  private static boolean isOfPlugIn(String key, String kind, String inUse) {
    if (!key.startsWith(kind + ".")) {
      return false;
    }
    if (!key.startsWith(kind + "." + inUse + ".")) {
      throw new ConfigurationException(
          "key '" + key + "' is of no use: " + kind + " is '" + inUse + "'");
    }
    return true;
  }
}
