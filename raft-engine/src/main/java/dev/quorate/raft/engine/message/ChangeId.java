package dev.quorate.raft.engine.message;

/**
 * Which call asked for a change of membership. It stands in every configuration that belongs to the
 * change, so that whoever asked sees in its own log what became of it, whoever leads by then.
 *
 * @param origin the boot of the node that was asked
 * @param number that node's number for the call, rising within its boot
 */
public record ChangeId(long origin, long number) {

  /** Nobody asked: the configuration with which a cluster is founded. */
  public static final ChangeId NONE = new ChangeId(0, 0);
}
