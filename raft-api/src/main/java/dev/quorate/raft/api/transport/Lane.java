package dev.quorate.raft.api.transport;

/**
 * How urgent a frame is. A transport sends what waits in the urgent lane first, so that bulk data
 * never starves heartbeats and votes, and bounds what waits in each lane by itself, so that bulk
 * never takes their place. Between lanes there is no order. Within one, a transport had better keep
 * the order in which a thread sent to a peer: Raft is safe without, and slow.
 */
public enum Lane {
  /** Small and urgent: heartbeats, votes, acknowledgements, read rounds. */
  CONTROL,
  /** Log entries, forwarded commands and other bulk. */
  BULK
}
