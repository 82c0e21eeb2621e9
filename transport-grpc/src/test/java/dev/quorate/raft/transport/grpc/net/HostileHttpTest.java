package dev.quorate.raft.transport.grpc.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.raft.api.Address;
import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.config.Settings;
import dev.quorate.raft.api.transport.TransportContext;
import dev.quorate.raft.testkit.internal.tests.Await;
import dev.quorate.raft.testkit.internal.tests.RecordingLogger;
import dev.quorate.raft.transport.grpc.proto.Hello;
import dev.quorate.raft.transport.grpc.proto.Outgoing;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Strangers that write HTTP/2 by hand: each connection is closed, one line says so, and gRPC, which
 * would log them with stack traces and without a limit, says nothing.
 */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HostileHttpTest {

  private static final int DATA = 0;
  private static final int HEADERS = 1;
  private static final int RESET = 3;
  private static final int SETTINGS = 4;
  private static final int PROMISE = 5;
  private static final int PING = 6;
  private static final int GOODBYE = 7;
  private static final int WINDOW = 8;

  private static final int LAST = 1;
  private static final int ACK = 1;
  private static final int END_HEADERS = 4;

  private static final int[] BAD_LENGTH = {0, 0xff, 0xff, 0xff, 0xff};

  private final RecordingLogger log = new RecordingLogger();
  private final GrpcsOwnLog grpcsLog = new GrpcsOwnLog();
  private GrpcTransport transport;
  private Address address;

  @BeforeEach
  void start() throws IOException {
    Settings settings = Settings.empty().with("raft.transport.grpc.handshake-timeout", "400ms");
    transport =
        new GrpcTransport(
            new TransportContext(
                "c", NodeId.of("n2"), new Address("127.0.0.1", 0), 100_000, settings),
            GrpcSettings.from(settings),
            log);
    address = transport.start((from, frame) -> {});
  }

  @AfterEach
  void stop() {
    transport.close();
    grpcsLog.close();
    assertThat(grpcsLog.lines()).isEmpty();
  }

  private static byte[] join(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  private static byte[] bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }

  private static byte[] frame(int type, int flags, int stream, byte[] payload) {
    return ByteBuffer.allocate(9 + payload.length)
        .putInt(payload.length << 8 | type)
        .put((byte) flags)
        .putInt(stream)
        .put(payload)
        .array();
  }

  private static byte[] frame(int type, int flags, int stream, int... payload) {
    return frame(type, flags, stream, bytes(payload));
  }

  private static byte[] begin() {
    return join(
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII),
        frame(SETTINGS, 0, 0));
  }

  /** A header as HPACK writes it without its tables (RFC 7541, 6.2.2). */
  private static byte[] header(String name, String value) {
    byte[] nameBytes = name.getBytes(StandardCharsets.US_ASCII);
    byte[] valueBytes = value.getBytes(StandardCharsets.US_ASCII);
    return join(bytes(0, nameBytes.length), nameBytes, bytes(valueBytes.length), valueBytes);
  }

  private static byte[] headers(int stream, byte[]... more) {
    return frame(
        HEADERS,
        END_HEADERS,
        stream,
        join(
            header(":method", "POST"),
            header(":scheme", "http"),
            header(":path", "/dev.quorate.raft.transport.grpc.RaftTransport/Exchange"),
            header(":authority", "n2"),
            header("content-type", "application/grpc"),
            join(more)));
  }

  private static byte[] call() {
    return headers(1, header("te", "trailers"));
  }

  private static byte[] callWith(String name, String value) {
    return headers(1, header("te", "trailers"), header(name, value));
  }

  private static byte[] message(byte[] content) {
    return frame(
        DATA,
        0,
        1,
        ByteBuffer.allocate(5 + content.length)
            .put((byte) 0)
            .putInt(content.length)
            .put(content)
            .array());
  }

  private static byte[] hello() {
    return message(
        Outgoing.newBuilder()
            .setHello(
                Hello.newBuilder()
                    .setMinVersion(1)
                    .setMaxVersion(1)
                    .setCluster("c")
                    .setFrom("n1")
                    .setTo("n2"))
            .build()
            .toByteArray());
  }

  static Stream<Arguments> strangers() {
    byte[] longText = new byte[120];
    Arrays.fill(longText, (byte) 'x');
    List<byte[]> manyHeaders = new ArrayList<>(List.of(header("te", "trailers")));
    for (int i = 0; i < 90; i++) {
      manyHeaders.add(header("x", new String(longText, StandardCharsets.US_ASCII)));
    }
    byte[] fullWindow = bytes(0x7f, 0xff, 0xff, 0xff);
    return Stream.of(
        Arguments.of(
            "message of 4 GiB", "4294967295 bytes", join(call(), frame(DATA, 0, 1, BAD_LENGTH))),
        Arguments.of(
            "the same of a peer",
            "4294967295 bytes",
            join(call(), hello(), frame(DATA, 0, 1, BAD_LENGTH))),
        Arguments.of(
            "compressed message", "compressed", join(call(), frame(DATA, 0, 1, 1, 0, 0, 0, 1, 7))),
        Arguments.of(
            "reserved bits", "compressed", join(call(), frame(DATA, 0, 1, 0x80, 0, 0, 0, 0))),
        Arguments.of(
            "end in a message",
            "part of a message",
            join(call(), frame(DATA, LAST, 1, 0, 0, 0, 0, 9, 7))),
        Arguments.of(
            "no protobuf",
            "something else than a hello",
            join(call(), message(bytes(0xff, 0xff, 0xff)))),
        Arguments.of(
            "no protobuf of a peer",
            "unknown kind",
            join(call(), hello(), message(bytes(0xff, 0xff, 0xff)))),
        Arguments.of("data before a call", "outside a call", frame(DATA, 0, 1, 0, 0, 0, 0, 0)),
        Arguments.of(
            "data of another call",
            "outside a call",
            join(call(), frame(DATA, 0, 3, 0, 0, 0, 0, 0))),
        Arguments.of("no data", "no data", join(call(), frame(DATA, 0, 1))),
        Arguments.of(
            "data after the end",
            "outside a call",
            join(call(), frame(DATA, LAST, 1), frame(DATA, 0, 1, 0))),
        Arguments.of(
            "second call", "headers after", join(call(), headers(3, header("te", "trailers")))),
        Arguments.of("even stream", "stream 2", headers(2, header("te", "trailers"))),
        Arguments.of("deadline", "grpc-timeout", callWith("grpc-timeout", "soon")),
        Arguments.of("length", "content-length", callWith("content-length", "-3")),
        Arguments.of("base 64", "a-bin", callWith("a-bin", "***")),
        Arguments.of("no trailers", "te: trailers", headers(1)),
        Arguments.of("upper case", "header", callWith("UPPER", "x")),
        Arguments.of(
            "unknown pseudo header",
            "header",
            headers(1, header(":odd", "x"), header("te", "trailers"))),
        Arguments.of(
            "answer's header",
            "header",
            headers(1, header(":status", "200"), header("te", "trailers"))),
        Arguments.of(
            "two paths", "header", headers(1, header(":path", "/x"), header("te", "trailers"))),
        Arguments.of(
            "too many headers", "Header size", headers(1, manyHeaders.toArray(byte[][]::new))),
        Arguments.of(
            "no HPACK",
            "",
            frame(HEADERS, END_HEADERS, 1, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff)),
        Arguments.of(
            "window of nothing", "WINDOW_UPDATE", join(call(), frame(WINDOW, 0, 1, 0, 0, 0, 0))),
        Arguments.of(
            "too large a window", "too large", join(call(), frame(WINDOW, 0, 1, fullWindow))),
        Arguments.of("too large a window of all", "too large", frame(WINDOW, 0, 0, fullWindow)),
        Arguments.of("window of no call", "outside a call", frame(WINDOW, 0, 5, 0, 0, 0, 1)),
        Arguments.of("end of no call", "no call", frame(RESET, 0, 1, 0, 0, 0, 8)),
        Arguments.of(
            "answer to no ping", "no ping", join(call(), frame(PING, ACK, 0, new byte[8]))),
        Arguments.of(
            "promise", "promise", join(call(), frame(PROMISE, END_HEADERS, 1, 0, 0, 0, 2))),
        Arguments.of(
            "second good-bye",
            "good-bye",
            join(frame(GOODBYE, 0, 0, new byte[8]), frame(GOODBYE, 0, 0, new byte[8]))),
        Arguments.of(
            "second acknowledgement",
            "of nothing",
            join(frame(SETTINGS, ACK, 0), frame(SETTINGS, ACK, 0))),
        Arguments.of(
            "impossible settings", "", frame(SETTINGS, 0, 0, 0, 4, 0xff, 0xff, 0xff, 0xff)),
        Arguments.of("frame of 16 MiB", "", frame(DATA, 0, 1, new byte[20_000])),
        Arguments.of(
            "call given up", "without a handshake", join(call(), frame(RESET, 0, 1, 0, 0, 0, 8))),
        Arguments.of(
            "call without a word", "without a handshake", join(call(), frame(DATA, LAST, 1))),
        Arguments.of("compression", "without a handshake", callWith("grpc-encoding", "gzip")),
        Arguments.of(
            "unknown method",
            "without a handshake",
            frame(
                HEADERS,
                END_HEADERS,
                1,
                join(
                    header(":method", "GET"),
                    header(":scheme", "http"),
                    header(":path", "x"),
                    header("te", "trailers")))),
        Arguments.of("pings", "", repeated(frame(PING, 0, 0, new byte[8]), 1000)));
  }

  private static byte[] repeated(byte[] part, int times) {
    byte[][] parts = new byte[times][];
    Arrays.fill(parts, part);
    return join(parts);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("strangers")
  void isClosedWithOneLine(String name, String part, byte[] afterSettings) throws IOException {
    for (int i = 0; i < 2; i++) {
      try (Socket socket = new Socket(address.host(), address.port())) {
        socket.getOutputStream().write(join(begin(), afterSettings));
        HostileStrangerTest.awaitClosed(socket);
      }
    }
    Await.until("a line", () -> !log.linesWith("").isEmpty());
    assertThat(log.linesWith("")).singleElement().asString().startsWith("WARNING").contains(part);
  }

  @Test
  void readsWhatComesByteByByte() throws IOException {
    try (Socket socket = new Socket(address.host(), address.port())) {
      socket.setTcpNoDelay(true);
      for (byte one : join(begin(), call(), frame(DATA, 0, 1, BAD_LENGTH))) {
        socket.getOutputStream().write(one);
      }
      HostileStrangerTest.awaitClosed(socket);
    }
    Await.until("a line", () -> !log.linesWith("4294967295").isEmpty());
  }
}
