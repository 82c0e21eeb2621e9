package dev.quorate.raft.transport.grpc.net;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import dev.quorate.raft.transport.grpc.proto.Answer;
import dev.quorate.raft.transport.grpc.proto.Bundle;
import dev.quorate.raft.transport.grpc.proto.Hello;
import dev.quorate.raft.transport.grpc.proto.Incoming;
import dev.quorate.raft.transport.grpc.proto.KeepAlive;
import dev.quorate.raft.transport.grpc.proto.Outgoing;
import dev.quorate.raft.transport.grpc.proto.Piece;
import dev.quorate.raft.transport.grpc.proto.RaftTransportGrpc;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * The bytes of version 1 in a call, written once and kept: nodes of two releases speak to each
 * other while a cluster is upgraded.
 */
class GoldenFramesTest {

  private static final String PROMISE =
      "what is on the wire is a promise to the other release: give these bytes back (numbers and types of"
          + " fields never change), or add a version to Versions, write the new form only where it was"
          + " agreed, and add lines for it to frames.golden";

  /** Every message, under the name by which the golden file knows it. */
  private static Map<String, Message> messages() {
    Map<String, Message> all = new LinkedHashMap<>();
    all.put(
        "hello",
        Outgoing.newBuilder()
            .setHello(
                Hello.newBuilder()
                    .setMinVersion(1)
                    .setMaxVersion(1)
                    .setCluster("Zürich")
                    .setFrom("n1")
                    .setTo("n2"))
            .build());
    all.put(
        "hello-client",
        Outgoing.newBuilder()
            .setHello(Hello.newBuilder().setMinVersion(1).setMaxVersion(1).setCluster("Zürich"))
            .build());
    all.put(
        "bundle",
        Outgoing.newBuilder()
            .setBundle(
                Bundle.newBuilder()
                    .addPieces(Piece.newBuilder().setData(ByteString.copyFromUtf8("whole")))
                    .addPieces(
                        Piece.newBuilder().setData(ByteString.copyFromUtf8("part")).setMore(true)))
            .build());
    all.put(
        "keep-alive", Outgoing.newBuilder().setKeepAlive(KeepAlive.getDefaultInstance()).build());
    for (Answer.Verdict verdict : Answer.Verdict.values()) {
      if (verdict != Answer.Verdict.UNRECOGNIZED) {
        all.put(
            "answer-" + verdict,
            Incoming.newBuilder()
                .setAnswer(Answer.newBuilder().setVerdict(verdict).setVersion(1).setText("why"))
                .build());
      }
    }
    all.put(
        "bundle-to-client",
        Incoming.newBuilder()
            .setBundle(
                Bundle.newBuilder()
                    .addPieces(Piece.newBuilder().setData(ByteString.copyFromUtf8("whole")))
                    .addPieces(
                        Piece.newBuilder().setData(ByteString.copyFromUtf8("part")).setMore(true)))
            .build());
    all.put(
        "keep-alive-to-client",
        Incoming.newBuilder().setKeepAlive(KeepAlive.getDefaultInstance()).build());
    all.put("received", Incoming.newBuilder().setReceived(300).build());
    return all;
  }

  @Test
  void everyContentHasGoldenBytes() {
    assertThat(
            messages().values().stream()
                .filter(Outgoing.class::isInstance)
                .map(message -> ((Outgoing) message).getContentCase()))
        .contains(contents(Outgoing.ContentCase.values(), Outgoing.ContentCase.CONTENT_NOT_SET));
    assertThat(
            messages().values().stream()
                .filter(Incoming.class::isInstance)
                .map(message -> ((Incoming) message).getContentCase()))
        .contains(contents(Incoming.ContentCase.values(), Incoming.ContentCase.CONTENT_NOT_SET));
  }

  /** All but the one that stands for none. */
  private static <T> T[] contents(T[] all, T none) {
    return Arrays.stream(all)
        .filter(content -> !content.equals(none))
        .toArray(length -> Arrays.copyOf(all, length));
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
    Map<String, Message> messages = messages();
    assertThat(messages.keySet()).as(PROMISE).isEqualTo(golden.keySet());
    messages.forEach(
        (name, message) ->
            assertThat(HexFormat.of().formatHex(message.toByteArray()))
                .as("%s: %s", name, PROMISE)
                .isEqualTo(HexFormat.of().formatHex(golden.get(name))));
  }

  @Test
  void whatWasWrittenOnceIsRead() throws IOException, InvalidProtocolBufferException {
    Map<String, Message> messages = messages();
    for (Map.Entry<String, byte[]> golden : golden().entrySet()) {
      Message expected = messages.get(golden.getKey());
      assertThat(expected.getParserForType().parseFrom(golden.getValue()))
          .as("%s: %s", golden.getKey(), PROMISE)
          .isEqualTo(expected);
    }
  }

  @Test
  void theCallHasItsName() {
    assertThat(RaftTransportGrpc.getExchangeMethod().getFullMethodName())
        .as(PROMISE)
        .isEqualTo("dev.quorate.raft.transport.grpc.RaftTransport/Exchange");
  }
}
