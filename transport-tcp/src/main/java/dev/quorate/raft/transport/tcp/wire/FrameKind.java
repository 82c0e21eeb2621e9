package dev.quorate.raft.transport.tcp.wire;

/** What a frame carries. The codes are on the wire and never change. */
public enum FrameKind {
  /** From the dialler, and on a client's link from both ends: a frame of the layer above. */
  DATA(1),
  /**
   * From the dialler: nothing but a sign of life that is acknowledged like data. On a client's link
   * from both ends, and nothing is acknowledged.
   */
  KEEPALIVE(2),
  /** From the acceptor: how many bytes arrived since the handshake, as eight bytes. */
  ACK(3);

  private final byte code;

  FrameKind(int code) {
    this.code = (byte) code;
  }

  byte code() {
    return code;
  }

  static FrameKind of(byte code) throws WireException {
    return switch (code) {
      case 1 -> DATA;
      case 2 -> KEEPALIVE;
      case 3 -> ACK;
      default -> throw new WireException("a frame of unknown kind " + code);
    };
  }
}
