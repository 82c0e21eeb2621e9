package dev.quorate.raft.transport.tcp.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class GreetingTest {

  private static ByteBuffer body(GreetingDecoder decoder, ByteBuffer message) throws WireException {
    ByteBuffer body = null;
    while (body == null && message.hasRemaining()) {
      body = decoder.next(ByteBuffer.wrap(new byte[] {message.get()}));
    }
    return body;
  }

  @Test
  void helloSurvivesTheWireByteByByte() throws WireException {
    Hello hello = new Hello(1, 3, "Zürich ☂", "n1", "n2");
    assertThat(Hello.decode(body(GreetingDecoder.ofHello(), hello.encode()))).isEqualTo(hello);
  }

  @Test
  void theLongestNamesFit() throws WireException {
    Hello hello = Hello.of("☂".repeat(64), "a".repeat(64), "b".repeat(64));
    assertThat(Hello.decode(body(GreetingDecoder.ofHello(), hello.encode()))).isEqualTo(hello);
  }

  @Test
  void answersSurviveTheWire() throws WireException {
    for (Verdict verdict : Verdict.values()) {
      Answer answer = new Answer(verdict, 1, "why");
      assertThat(Answer.decode(body(GreetingDecoder.ofAnswer(), answer.encode())))
          .isEqualTo(answer);
    }
  }

  @Test
  void leavesWhatFollowsTheMessage() throws WireException {
    ByteBuffer hello = Hello.of("c", "n1", "n2").encode();
    ByteBuffer more = ByteBuffer.allocate(hello.remaining() + 5).put(hello).put(new byte[5]).flip();
    assertThat(GreetingDecoder.ofHello().next(more)).isNotNull();
    assertThat(more.remaining()).isEqualTo(5);
  }

  @Test
  void noticesEveryFlippedBit() {
    ByteBuffer good = Hello.of("c", "n1", "n2").encode();
    for (int bit = 0; bit < good.limit() * 8; bit++) {
      ByteBuffer bad = ByteBuffer.wrap(good.array().clone());
      bad.put(bit / 8, (byte) (bad.get(bit / 8) ^ (1 << (bit % 8))));
      try {
        // A message that claims to be longer stays incomplete.
        assertThat(GreetingDecoder.ofHello().next(bad)).as("bit %d", bit).isNull();
      } catch (WireException e) {
        assertThat(e).hasMessageContaining("handshake");
      }
    }
  }

  @Test
  void aHelloIsNoAnswer() {
    assertThatThrownBy(() -> GreetingDecoder.ofAnswer().next(Hello.of("c", "a", "b").encode()))
        .isInstanceOf(WireException.class);
  }

  @Test
  void readsWhatLaterVersionsAppend() throws WireException {
    ByteBuffer body = body(GreetingDecoder.ofHello(), new Hello(1, 9, "c", "a", "b").encode());
    ByteBuffer longer = ByteBuffer.allocate(body.remaining() + 7).put(body).put(new byte[7]).flip();
    assertThat(Hello.decode(longer)).isEqualTo(new Hello(1, 9, "c", "a", "b"));
  }

  @Test
  void refusesTextsThatReachBeyondTheBody() {
    ByteBuffer body = ByteBuffer.allocate(6).putInt(0x0001_0001).putShort((short) 9).flip();
    assertThatThrownBy(() -> Hello.decode(body))
        .isInstanceOf(WireException.class)
        .hasMessageContaining("cluster");
    assertThatThrownBy(() -> Hello.decode(ByteBuffer.allocate(3)))
        .isInstanceOf(WireException.class);
  }

  @Test
  void findsTheHighestCommonVersion() {
    assertThat(Versions.common(1, 1)).isEqualTo(1);
    assertThat(Versions.common(1, 5)).isEqualTo(1);
    assertThat(Versions.common(2, 5)).isZero();
    assertThat(Versions.common(5, 1)).isZero();
    assertThat(Versions.common(0, 0)).isZero();
  }
}
