package dev.quorate.raft.engine.sim;

/** Power goes in the middle of a turn; whatever the turn did not get to did not happen. */
final class PowerLoss extends Error {

  private static final long serialVersionUID = 1L;

  PowerLoss() {
    super("power loss", null, false, false);
  }
}
