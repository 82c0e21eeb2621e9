package dev.quorate.raft.transport.grpc.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.raft.api.transport.Lane;
import dev.quorate.raft.transport.grpc.proto.Outgoing;
import dev.quorate.raft.transport.grpc.proto.Piece;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PiecesTest {

  private final Outbox outbox = new Outbox(1 << 30);
  private final Pieces pieces = new Pieces(outbox);

  /** Takes all messages out, checks their size, and puts the frames together again. */
  private List<ByteBuffer> carry() {
    Assembly assembly = new Assembly(1 << 30);
    List<ByteBuffer> frames = new ArrayList<>();
    for (Outgoing next = pieces.next(); next != null; next = pieces.next()) {
      assertThat(next.getSerializedSize()).isLessThanOrEqualTo(Pieces.MAX_BYTES);
      for (Piece piece : next.getBundle().getPiecesList()) {
        ByteBuffer frame = assembly.add(piece);
        if (frame != null) {
          frames.add(frame);
        }
      }
    }
    return frames;
  }

  @Test
  void framesOfAllLengthsArriveWholeAndInOrder() {
    Random random = new Random(1);
    List<ByteBuffer> sent = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      byte[] bytes = new byte[1 + random.nextInt(1 << (1 + i % 19))];
      random.nextBytes(bytes);
      sent.add(ByteBuffer.wrap(bytes));
      outbox.offer(Lane.BULK, ByteBuffer.wrap(bytes));
    }
    assertThat(carry()).isEqualTo(sent);
  }

  @Test
  void messagesOfTinyFramesAreWithinTheLimit() {
    for (int i = 0; i < 100_000; i++) {
      outbox.offer(Lane.CONTROL, ByteBuffer.allocate(1));
    }
    assertThat(carry()).hasSize(100_000);
  }

  @Test
  void shortFramesTravelTogether() {
    for (int i = 0; i < 100; i++) {
      outbox.offer(Lane.BULK, ByteBuffer.allocate(100));
    }
    assertThat(pieces.next().getBundle().getPiecesCount()).isEqualTo(100);
    assertThat(pieces.next()).isNull();
  }

  @Test
  void theRestOfALostFrameIsForgotten() {
    outbox.offer(Lane.BULK, ByteBuffer.allocate(200_000));
    pieces.next();
    pieces.reset();
    assertThat(pieces.next()).isNull();
  }
}
