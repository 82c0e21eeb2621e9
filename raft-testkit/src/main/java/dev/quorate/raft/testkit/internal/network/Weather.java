package dev.quorate.raft.testkit.internal.network;

/**
 * How a network treats frames.
 *
 * @param lossPercent how many are lost
 * @param repeatPercent how many arrive twice
 * @param latePerMille how many are so late that terms and boots pass in between
 * @param maxDelayNanos how long one takes at most, otherwise
 * @param bulkLossPercent how many of the bulk lane are lost besides
 * @param maxBulkDelayNanos how much longer one of the bulk lane takes at most: heartbeats overtake
 *     it (rule P17)
 * @param corruptPerMille how many are damaged on their way
 * @param refusalPercent how many of those who were connected to a process that ended are refused
 *     when they connect anew
 * @param lossPercentAtEnd how many of them are told that their connection ended
 */
public record Weather(
    int lossPercent,
    int repeatPercent,
    int latePerMille,
    long maxDelayNanos,
    int bulkLossPercent,
    long maxBulkDelayNanos,
    int corruptPerMille,
    int refusalPercent,
    int lossPercentAtEnd) {

  /** A network in which nothing goes wrong. */
  public static final Weather FAIR = new Weather(0, 0, 0, 1_000_000, 0, 1, 0, 0, 0);
}
