package dev.quorate.raft.testkit.disk;

/** What storage code must not ask for if it is to be simulated. */
final class Unsupported {

  private Unsupported() {}

  static UnsupportedOperationException because(String reason) {
    return new UnsupportedOperationException(
        "storage code that can be simulated must not use this (rule P20): " + reason);
  }
}
