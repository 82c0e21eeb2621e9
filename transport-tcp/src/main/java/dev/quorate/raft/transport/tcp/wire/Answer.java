package dev.quorate.raft.transport.tcp.wire;

import java.nio.ByteBuffer;

/**
 * The acceptor's answer to a {@link Hello}.
 *
 * @param verdict accepted, or why not
 * @param version the version that is spoken from here on; 0 in a refusal
 * @param text what the dialler's operator should read; empty if accepted
 */
public record Answer(Verdict verdict, int version, String text) {

  static final int MAGIC = 0x51525461; // QRTa

  /**
   * The connection is welcome.
   *
   * @param version the version that was agreed
   * @return the answer
   */
  public static Answer accept(int version) {
    return new Answer(Verdict.ACCEPTED, version, "");
  }

  /**
   * The connection is not welcome and will be closed.
   *
   * @param verdict why
   * @param text the same for people
   * @return the answer
   */
  public static Answer refuse(Verdict verdict, String text) {
    return new Answer(verdict, 0, text);
  }

  /**
   * The whole message.
   *
   * @return its bytes
   */
  public ByteBuffer encode() {
    ByteBuffer body = ByteBuffer.allocate(Greetings.MAX_BODY_BYTES);
    body.put((byte) verdict.code()).putShort((short) version);
    Greetings.putText(body, text);
    return Greetings.wrap(MAGIC, body.flip());
  }

  /**
   * Reads a body.
   *
   * @param body the body, as {@link GreetingDecoder} gave it
   * @return the answer
   * @throws WireException if it is malformed, or accepts with a version that was not offered
   */
  public static Answer decode(ByteBuffer body) throws WireException {
    if (body.remaining() < Byte.BYTES + Short.BYTES) {
      throw new WireException("an answer without a verdict");
    }
    Verdict verdict = Verdict.of(body.get());
    int version = Short.toUnsignedInt(body.getShort());
    if (verdict == Verdict.ACCEPTED && Versions.common(version, version) == 0) {
      throw new WireException("an answer with version " + version + ", which was not offered");
    }
    return new Answer(verdict, version, Greetings.text(body, "its text"));
  }
}
