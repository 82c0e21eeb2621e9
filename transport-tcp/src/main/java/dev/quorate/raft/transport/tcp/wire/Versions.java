package dev.quorate.raft.transport.tcp.wire;

/** The versions of the protocol that this code speaks. */
public final class Versions {

  /** The lowest version that is spoken. */
  public static final int MIN = 1;

  /** The highest version that is spoken. */
  public static final int MAX = 1;

  private Versions() {}

  /**
   * The highest version that both sides speak.
   *
   * @param min the other side's lowest
   * @param max the other side's highest
   * @return the version, or 0 if there is none
   */
  public static int common(int min, int max) {
    int version = Math.min(max, MAX);
    return version >= Math.max(min, MIN) ? version : 0;
  }
}
