package dev.quorate.raft.transport.tcp.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * The bytes of version 1 on a connection, written once and kept: nodes of two releases speak to
 * each other while a cluster is upgraded.
 */
class GoldenFramesTest {

  private static final String PROMISE =
      "what is on the wire is a promise to the other release: give these bytes back, or add a version to"
          + " Versions, write the new form only where it was agreed, and add lines for it to frames.golden";

  /** Every message, under the name by which the golden file knows it. */
  private static Map<String, ByteBuffer> written() {
    Map<String, ByteBuffer> all = new LinkedHashMap<>();
    all.put("hello", new Hello(1, 1, "Zürich", "n1", "n2").encode());
    all.put("hello-client", new Hello(1, 1, "Zürich", "", "").encode());
    all.put("accepted", Answer.accept(1).encode());
    for (Verdict verdict : Verdict.values()) {
      all.put("answer-" + verdict, new Answer(verdict, 1, "why").encode());
    }
    for (FrameKind kind : FrameKind.values()) {
      all.put(kind.name().toLowerCase(Locale.ROOT), frame(kind, payload(kind)));
    }
    return all;
  }

  private static String payload(FrameKind kind) {
    return switch (kind) {
      case DATA -> "payload";
      case KEEPALIVE -> "";
      case ACK -> "\0\0\0\0\0\0\1\2";
    };
  }

  private static ByteBuffer frame(FrameKind kind, String text) {
    ByteBuffer payload = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    ByteBuffer out = ByteBuffer.allocate(Frame.HEADER_BYTES + payload.remaining());
    Frame.putHeader(out, 1, kind, payload);
    return out.put(payload).flip();
  }

  private static Map<String, byte[]> golden() throws IOException {
    Map<String, byte[]> all = new LinkedHashMap<>();
    try (InputStream in = GoldenFramesTest.class.getResourceAsStream("frames.golden")) {
      new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .map(line -> line.split(" "))
          .forEach(parts -> all.put(parts[0], HexFormat.of().parseHex(parts[1])));
    }
    return all;
  }

  @Test
  void theSameBytesAreWritten() throws IOException {
    Map<String, byte[]> golden = golden();
    Map<String, ByteBuffer> written = written();
    assertThat(written.keySet()).as(PROMISE).isEqualTo(golden.keySet());
    written.forEach(
        (name, bytes) -> {
          byte[] actual = new byte[bytes.remaining()];
          bytes.get(actual);
          assertThat(HexFormat.of().formatHex(actual))
              .as("%s: %s", name, PROMISE)
              .isEqualTo(HexFormat.of().formatHex(golden.get(name)));
        });
  }

  @Test
  void whatWasWrittenOnceIsRead() throws IOException, WireException {
    Map<String, byte[]> golden = golden();
    assertThat(Hello.decode(body(GreetingDecoder.ofHello(), golden.get("hello"))))
        .as(PROMISE)
        .isEqualTo(new Hello(1, 1, "Zürich", "n1", "n2"));
    assertThat(Hello.decode(body(GreetingDecoder.ofHello(), golden.get("hello-client"))))
        .as(PROMISE)
        .isEqualTo(Hello.ofClient("Zürich"));
    for (Verdict verdict : Verdict.values()) {
      byte[] answer = golden.get("answer-" + verdict);
      assertThat(Answer.decode(body(GreetingDecoder.ofAnswer(), answer)))
          .as(PROMISE)
          .isEqualTo(new Answer(verdict, 1, "why"));
    }
    assertThat(read(golden.get("data")))
        .isEqualTo(
            new Frame(FrameKind.DATA, ByteBuffer.wrap("payload".getBytes(StandardCharsets.UTF_8))));
    assertThat(read(golden.get("keepalive")).kind()).isEqualTo(FrameKind.KEEPALIVE);
    assertThat(read(golden.get("ack")).payload().getLong()).isEqualTo(0x102);
  }

  private static ByteBuffer body(GreetingDecoder decoder, byte[] message) throws WireException {
    return decoder.next(ByteBuffer.wrap(message));
  }

  private static Frame read(byte[] frame) throws WireException {
    return new FrameDecoder(1, 1_000).next(ByteBuffer.wrap(frame));
  }
}
