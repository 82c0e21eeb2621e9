package dev.quorate.raft.transport.tcp.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FrameDecoderTest {

  private static final int MAX = 300_000;

  private static byte[] encode(byte[]... payloads) {
    int total = 0;
    for (byte[] payload : payloads) {
      total += Frame.HEADER_BYTES + payload.length;
    }
    ByteBuffer out = ByteBuffer.allocate(total);
    for (byte[] payload : payloads) {
      Frame.putHeader(out, 1, FrameKind.DATA, ByteBuffer.wrap(payload));
      out.put(payload);
    }
    return out.array();
  }

  private static byte[] random(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }

  private static List<byte[]> decode(byte[] bytes, int pieceBytes) throws WireException {
    FrameDecoder decoder = new FrameDecoder(1, MAX);
    List<byte[]> frames = new ArrayList<>();
    for (int start = 0; start < bytes.length; start += pieceBytes) {
      ByteBuffer in = ByteBuffer.wrap(bytes, start, Math.min(pieceBytes, bytes.length - start));
      for (Frame frame = decoder.next(in); frame != null; frame = decoder.next(in)) {
        byte[] payload = new byte[frame.payload().remaining()];
        frame.payload().get(payload);
        frames.add(payload);
      }
      assertThat(in.hasRemaining()).isFalse();
    }
    return frames;
  }

  @Test
  void findsTheSameFramesHoweverTheBytesAreCut() throws WireException {
    byte[][] payloads = {random(1), random(0), random(70_000), random(13), random(MAX)};
    byte[] bytes = encode(payloads);
    for (int pieceBytes : new int[] {1, 2, 3, 7, 9, 10, 11, 1_000, 65_536, bytes.length}) {
      assertThat(decode(bytes, pieceBytes)).containsExactly(payloads);
    }
  }

  @Test
  void noticesEveryFlippedBit() throws WireException {
    byte[] good = encode(random(20));
    for (int bit = 0; bit < good.length * 8; bit++) {
      byte[] bad = good.clone();
      bad[bit / 8] ^= (byte) (1 << (bit % 8));
      // Either it is refused, or it claims to be longer and stays incomplete; it is never
      // delivered.
      try {
        assertThat(decode(bad, bad.length)).as("bit %d", bit).isEmpty();
      } catch (WireException e) {
        assertThat(e).hasMessageStartingWith("a frame");
      }
    }
  }

  @Test
  void refusesLengthsAboveTheLimitAndNegativeOnes() {
    for (int length : new int[] {MAX + 1, Integer.MAX_VALUE, -1}) {
      ByteBuffer frame = ByteBuffer.wrap(encode(random(4))).putInt(0, length);
      assertThatThrownBy(() -> new FrameDecoder(1, MAX).next(frame))
          .isInstanceOf(WireException.class)
          .hasMessageContaining(Integer.toUnsignedString(length));
    }
  }

  @Test
  void refusesFramesOfAnotherVersion() {
    ByteBuffer frame = ByteBuffer.wrap(encode(random(4)));
    assertThatThrownBy(() -> new FrameDecoder(2, MAX).next(frame))
        .isInstanceOf(WireException.class)
        .hasMessageContaining("version 1");
  }

  @Test
  void doesNotAllocateWhatAHeaderClaims() throws WireException {
    // Together they claim 100 GiB, more than any test's heap.
    int claim = 1 << 30;
    List<FrameDecoder> decoders = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      FrameDecoder decoder = new FrameDecoder(1, claim);
      ByteBuffer header = ByteBuffer.wrap(encode(random(4))).putInt(0, claim);
      assertThat(decoder.next(header)).isNull();
      decoders.add(decoder);
    }
    assertThat(decoders).hasSize(100);
  }
}
