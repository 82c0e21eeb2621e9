package dev.quorate.raft.testkit.disk;

/**
 * The process that used a {@link SimulatedDisk} is dead: it died in the middle of the call that
 * throws this, or before. An error, so that nothing catches it and goes on; whatever a {@code
 * finally} does after it throws this again and changes nothing.
 */
public final class SimulatedCrash extends Error {

  private static final long serialVersionUID = 1L;

  SimulatedCrash(String operation) {
    super("crash at " + operation);
  }
}
