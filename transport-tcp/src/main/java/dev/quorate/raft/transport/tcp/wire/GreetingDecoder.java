package dev.quorate.raft.transport.tcp.wire;

import java.nio.ByteBuffer;

/**
 * Collects one handshake message as its bytes arrive. It holds at most what the longest legal
 * message takes, whatever the header claims.
 */
public final class GreetingDecoder {

  private final int magic;
  private final ByteBuffer held =
      ByteBuffer.allocate(
          Greetings.PREFIX_BYTES + Greetings.MAX_BODY_BYTES + Greetings.CHECKSUM_BYTES);

  private GreetingDecoder(int magic) {
    this.magic = magic;
  }

  /**
   * A decoder for the acceptor.
   *
   * @return the decoder
   */
  public static GreetingDecoder ofHello() {
    return new GreetingDecoder(Hello.MAGIC);
  }

  /**
   * A decoder for the dialler.
   *
   * @return the decoder
   */
  public static GreetingDecoder ofAnswer() {
    return new GreetingDecoder(Answer.MAGIC);
  }

  /**
   * Takes bytes up to the end of the message, and leaves what follows.
   *
   * @param in the bytes that arrived
   * @return the message's body, or null while it is not complete
   * @throws WireException if this is no such message
   */
  public ByteBuffer next(ByteBuffer in) throws WireException {
    take(in, Greetings.PREFIX_BYTES);
    // Said as early as it can be known: a browser's first four bytes are enough.
    if (held.position() >= Integer.BYTES && held.getInt(0) != magic) {
      throw new WireException("not this protocol: it does not begin like a handshake");
    }
    if (held.position() < Greetings.PREFIX_BYTES) {
      return null;
    }
    int length = Short.toUnsignedInt(held.getShort(Integer.BYTES));
    if (length > Greetings.MAX_BODY_BYTES) {
      throw new WireException("a handshake that claims " + length + " bytes");
    }
    int end = Greetings.PREFIX_BYTES + length;
    take(in, end + Greetings.CHECKSUM_BYTES);
    if (held.position() < end + Greetings.CHECKSUM_BYTES) {
      return null;
    }
    if (held.getInt(end) != Greetings.checksum(held.duplicate().position(0).limit(end))) {
      throw new WireException("a handshake with a wrong checksum");
    }
    return held.duplicate().position(Greetings.PREFIX_BYTES).limit(end);
  }

  private void take(ByteBuffer in, int upTo) {
    int count = Math.min(in.remaining(), upTo - held.position());
    if (count > 0) {
      held.put(in.duplicate().limit(in.position() + count));
      in.position(in.position() + count);
    }
  }
}
