package dev.quorate.raft.api.transport;

/**
 * How urgent a frame is. A transport sends what waits in the urgent lane first, so that bulk data
 * never starves heartbeats and votes. Between lanes there is no order.
 */
public enum Lane {
  /** Small and urgent: heartbeats, votes, acknowledgements, read rounds. */
  CONTROL,
  /** Log entries, forwarded commands and other bulk. */
  BULK
}
