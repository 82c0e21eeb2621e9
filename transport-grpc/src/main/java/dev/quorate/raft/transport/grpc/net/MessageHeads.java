package dev.quorate.raft.transport.grpc.net;

import io.netty.buffer.ByteBuf;

/**
 * Reads the heads of a call's messages: a byte that says whether what follows is compressed, which
 * is not spoken here, and the message's length in four bytes.
 */
final class MessageHeads {

  private static final int HEAD_BYTES = 5;

  private final int maxBytes;
  private int headBytes;
  private long length;

  /** How much of the current message is still to come, once its head is complete. */
  private long restBytes;

  MessageHeads(int maxBytes) {
    this.maxBytes = maxBytes;
  }

  /** Reads more of the call; says what is wrong with it, or null. */
  String read(ByteBuf data) {
    while (data.isReadable()) {
      if (restBytes > 0) {
        int skipped = (int) Math.min(restBytes, data.readableBytes());
        data.skipBytes(skipped);
        restBytes -= skipped;
        continue;
      }
      int next = data.readUnsignedByte();
      if (headBytes == 0) {
        if (next != 0) {
          return "a message that is compressed, or none";
        }
        length = 0;
      } else {
        length = length << 8 | next;
      }
      headBytes++;
      if (headBytes == HEAD_BYTES) {
        if (length > maxBytes) {
          return "a message of " + length + " bytes, where " + maxBytes + " are the limit";
        }
        headBytes = 0;
        restBytes = length;
      }
    }
    return null;
  }

  /** Whether the last message is complete. */
  boolean isBetween() {
    return headBytes == 0 && restBytes == 0;
  }
}
