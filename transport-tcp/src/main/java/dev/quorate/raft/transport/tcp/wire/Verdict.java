package dev.quorate.raft.transport.tcp.wire;

/** What the acceptor thinks of a {@link Hello}. The codes are on the wire and never change. */
public enum Verdict {
  /** Frames may follow. */
  ACCEPTED(0),
  /** The dialler belongs to another cluster. */
  OTHER_CLUSTER(1),
  /** This is not the node that the dialler wanted. */
  OTHER_NODE(2),
  /** There is no version that both speak. */
  OTHER_VERSION(3),
  /** A refusal that this release does not know; its text says more. */
  OTHER(255);

  private final int code;

  Verdict(int code) {
    this.code = code;
  }

  int code() {
    return code;
  }

  static Verdict of(byte code) {
    for (Verdict verdict : values()) {
      if ((byte) verdict.code == code) {
        return verdict;
      }
    }
    return OTHER;
  }
}
