package dev.quorate.raft.engine.core;

import dev.quorate.raft.engine.message.Peer;

/** Who waits for the end of a call. */
public sealed interface Origin {

  /**
   * A caller in this process.
   *
   * @param number the call's number in this boot
   */
  record Local(long number) implements Origin {}

  /**
   * Another node, which forwarded the call.
   *
   * @param peer that node in the boot in which it forwarded it
   * @param number the call's number in that boot
   */
  record Remote(Peer peer, long number) implements Origin {}
}
