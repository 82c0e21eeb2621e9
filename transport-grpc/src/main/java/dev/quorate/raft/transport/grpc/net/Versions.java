package dev.quorate.raft.transport.grpc.net;

/** The versions of the protocol that this code speaks. */
final class Versions {

  static final int MIN = 1;
  static final int MAX = 1;

  private Versions() {}

  /** The highest version that both sides speak, or 0. */
  static int common(int min, int max) {
    int version = Math.min(max, MAX);
    return version >= Math.max(min, MIN) ? version : 0;
  }
}
