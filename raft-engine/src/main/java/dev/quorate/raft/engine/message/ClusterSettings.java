package dev.quorate.raft.engine.message;

/**
 * The settings that decide what applying an entry comes to, and which all members therefore share
 * (rule P12). They are entries of the log. A node's own keys are only what the first of these
 * entries is made of.
 *
 * @param version how often they were set; 0 before the first entry
 * @param maxSessions how many client sessions there may be
 * @param maxResults how many results are kept for a session
 * @param maxResultBytes how many bytes of results are kept for a session before it may add another
 * @param sessionTimeoutMillis after how much cluster time without a request a session expires
 * @param lease whether voters promise their leader to elect nobody else for a while (rule P9)
 */
public record ClusterSettings(
    long version,
    int maxSessions,
    int maxResults,
    long maxResultBytes,
    long sessionTimeoutMillis,
    boolean lease) {

  /** Before there are any: no session can be opened, and nobody promises anything. */
  public static final ClusterSettings NONE = new ClusterSettings(0, 0, 0, 0, 0, false);

  /** Checks that nothing is negative. */
  public ClusterSettings {
    if (version < 0
        || maxSessions < 0
        || maxResults < 0
        || maxResultBytes < 0
        || sessionTimeoutMillis < 0) {
      throw new IllegalArgumentException("a negative setting in version " + version);
    }
  }

  /**
   * Whether these are in effect once an entry with them is applied after the others: two leaders
   * may both append the first settings, and two operators the same next version; the first wins.
   */
  public boolean follows(ClusterSettings present) {
    return version == present.version + 1;
  }

  /** The same as another version. */
  public ClusterSettings withVersion(long newVersion) {
    return new ClusterSettings(
        newVersion, maxSessions, maxResults, maxResultBytes, sessionTimeoutMillis, lease);
  }
}
