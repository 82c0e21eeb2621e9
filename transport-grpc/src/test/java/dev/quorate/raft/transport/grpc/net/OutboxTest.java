package dev.quorate.raft.transport.grpc.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.raft.api.transport.Lane;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class OutboxTest {

  private static final int LIMIT = 10_000;

  private final Outbox outbox = new Outbox(LIMIT);

  private static ByteBuffer frame(int length) {
    return ByteBuffer.allocate(length);
  }

  @Test
  void givesControlFirstAndKeepsTheOrderWithinALane() {
    ByteBuffer bulk = frame(3);
    ByteBuffer first = frame(1);
    ByteBuffer second = frame(2);
    outbox.offer(Lane.BULK, bulk);
    outbox.offer(Lane.CONTROL, first);
    outbox.offer(Lane.CONTROL, second);
    assertThat(outbox.poll()).isSameAs(first);
    assertThat(outbox.poll()).isSameAs(second);
    assertThat(outbox.poll()).isSameAs(bulk);
    assertThat(outbox.poll()).isNull();
    assertThat(outbox.isEmpty()).isTrue();
  }

  @Test
  void dropsTheNewestOfAFullLaneAndTakesTheOther() {
    ByteBuffer first = frame(6_000);
    assertThat(outbox.offer(Lane.BULK, first)).isTrue();
    assertThat(outbox.offer(Lane.BULK, frame(6_000))).isFalse();
    assertThat(outbox.offer(Lane.CONTROL, frame(6_000))).isTrue();
    outbox.poll();
    assertThat(outbox.poll()).isSameAs(first);
    assertThat(outbox.offer(Lane.BULK, frame(6_000))).isTrue();
  }

  @Test
  void takesOneFrameOfAnySize() {
    assertThat(outbox.offer(Lane.BULK, frame(3 * LIMIT))).isTrue();
    assertThat(outbox.offer(Lane.BULK, frame(1))).isFalse();
  }

  @Test
  void boundsTinyFramesToo() {
    int taken = 0;
    while (outbox.offer(Lane.BULK, frame(1))) {
      taken++;
    }
    assertThat(taken).isLessThan(LIMIT / 50);
  }

  @Test
  void isEmptyAndHasRoomAfterClear() {
    outbox.offer(Lane.BULK, frame(9_000));
    outbox.offer(Lane.CONTROL, frame(9_000));
    outbox.clear();
    assertThat(outbox.isEmpty()).isTrue();
    assertThat(outbox.poll()).isNull();
    assertThat(outbox.offer(Lane.BULK, frame(9_000))).isTrue();
  }
}
