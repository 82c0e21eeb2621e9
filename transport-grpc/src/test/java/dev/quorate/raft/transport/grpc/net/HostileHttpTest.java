package dev.quorate.raft.transport.grpc.net;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.quorate.raft.api.Address;
import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.config.Settings;
import dev.quorate.raft.api.transport.TransportContext;
import dev.quorate.raft.testkit.internal.tests.Await;
import dev.quorate.raft.testkit.internal.tests.RecordingLogger;
import dev.quorate.raft.transport.grpc.proto.Bundle;
import dev.quorate.raft.transport.grpc.proto.Hello;
import dev.quorate.raft.transport.grpc.proto.Outgoing;
import dev.quorate.raft.transport.grpc.proto.Piece;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Strangers that write HTTP/2 by hand: each connection is closed, one line says so, and gRPC, which
 * would log them with stack traces and without a limit, says nothing.
 */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HostileHttpTest {

  private static final int DATA = 0;
  private static final int HEADERS = 1;
  private static final int PRIORITY = 2;
  private static final int RESET = 3;
  private static final int SETTINGS = 4;
  private static final int PROMISE = 5;
  private static final int PING = 6;
  private static final int GOODBYE = 7;
  private static final int WINDOW = 8;

  private static final int LAST = 1;
  private static final int ACK = 1;
  private static final int END_HEADERS = 4;

  private static final byte[] PREFACE =
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  private static final int[] BAD_LENGTH = {0, 0xff, 0xff, 0xff, 0xff};

  private final RecordingLogger log = new RecordingLogger();
  private final GrpcsOwnLog grpcsLog = new GrpcsOwnLog();
  private final List<String> received = new CopyOnWriteArrayList<>();
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
    address = transport.start((from, frame) -> received.add(from.value()));
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
    return join(PREFACE, frame(SETTINGS, 0, 0));
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

  private static byte[] headersFor(String method, String path) {
    return frame(
        HEADERS,
        END_HEADERS,
        1,
        join(
            header(":method", method),
            header(":scheme", "http"),
            header(":path", path),
            header("content-type", "application/grpc"),
            header("te", "trailers")));
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

  private static byte[] piece(String text) {
    return message(
        Outgoing.newBuilder()
            .setBundle(
                Bundle.newBuilder()
                    .addPieces(Piece.newBuilder().setData(ByteString.copyFromUtf8(text))))
            .build()
            .toByteArray());
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
    byte[] goodbyeAfterAll = frame(GOODBYE, 0, 0, join(fullWindow, new byte[4]));
    byte[] flood = repeated(message(new byte[16_000]), 100);
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
        Arguments.of(
            "data after the end",
            "outside a call",
            join(call(), frame(DATA, LAST, 1), frame(DATA, 0, 1, 0))),
        Arguments.of(
            "second call", "headers after", join(call(), headers(3, header("te", "trailers")))),
        Arguments.of("even stream", "stream 2", headers(2, header("te", "trailers"))),
        Arguments.of("no deadline", "grpc-timeout", callWith("grpc-timeout", "soon")),
        Arguments.of("deadline", "without a handshake", callWith("grpc-timeout", "1n")),
        Arguments.of("length", "content-length", callWith("content-length", "-3")),
        Arguments.of("no base 64", "a-bin", callWith("a-bin", "AA==,***")),
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
        Arguments.of("no path", "empty", headersFor("POST", "")),
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
        Arguments.of(
            "a byte too much of a window",
            "too large",
            join(
                call(),
                frame(WINDOW, 0, 1, 0x7f, 0xff, 0, 0),
                frame(WINDOW, 0, 0, 0x7f, 0xff, 0, 0),
                frame(PING, 0, 0, new byte[8]),
                frame(WINDOW, 0, 1, 0, 0, 0, 1))),
        Arguments.of(
            "too large a first window",
            "too large",
            join(
                call(),
                frame(WINDOW, 0, 1, 0, 0, 0, 1),
                frame(SETTINGS, 0, 0, 0, 4, 0x7f, 0xff, 0xff, 0xff))),
        Arguments.of(
            "too small a first window", "too small", frame(SETTINGS, 0, 0, 0, 4, 0, 0, 0, 0)),
        Arguments.of("window of no call", "outside a call", frame(WINDOW, 0, 5, 0, 0, 0, 1)),
        Arguments.of(
            "more than the window, after a refusal",
            "its window",
            join(call(), message(bytes(1)), flood)),
        Arguments.of(
            "more than the window, of an unknown method",
            "its window",
            join(headersFor("POST", "/x"), flood)),
        Arguments.of(
            "more than the window before the settings are acknowledged",
            "its window",
            join(headersFor("POST", "/x"), repeated(message(new byte[16_000]), 5))),
        Arguments.of(
            "more than the window, of a peer that is refused",
            "",
            join(call(), hello(), message(bytes(1)), flood)),
        Arguments.of(
            "more than the window, not as a call",
            "its window",
            join(headersFor("GET", "/x"), flood)),
        Arguments.of("end of no call", "no call", frame(RESET, 0, 1, 0, 0, 0, 8)),
        Arguments.of(
            "answer to no ping", "no ping", join(call(), frame(PING, ACK, 0, new byte[8]))),
        Arguments.of(
            "promise", "promise", join(call(), frame(PROMISE, END_HEADERS, 1, 0, 0, 0, 2))),
        Arguments.of(
            "good-bye taken back",
            "good-bye",
            join(frame(GOODBYE, 0, 0, new byte[8]), goodbyeAfterAll)),
        Arguments.of(
            "impossible settings", "", frame(SETTINGS, 0, 0, 0, 4, 0xff, 0xff, 0xff, 0xff)),
        Arguments.of("frame of 16 MiB", "", frame(DATA, 0, 1, new byte[20_000])),
        Arguments.of("stream in itself", "itself", frame(PRIORITY, 0, 1, 0, 0, 0, 1, 7)),
        Arguments.of(
            "call given up", "without a handshake", join(call(), frame(RESET, 0, 1, 0, 0, 0, 8))),
        Arguments.of(
            "call without a word", "without a handshake", join(call(), frame(DATA, LAST, 1))),
        Arguments.of("compression", "without a handshake", callWith("grpc-encoding", "lzma")),
        Arguments.of("unknown method", "without a handshake", headersFor("POST", "/x")),
        Arguments.of("no call", "without a handshake", headersFor("GET", "x")),
        Arguments.of("pings", "", repeated(frame(PING, 0, 0, new byte[8]), 1000)),
        Arguments.of("settings", "", repeated(frame(SETTINGS, 0, 0), 40_000)));
  }

  /** First frames other than settings. */
  static Stream<byte[]> beginnings() {
    return Stream.of(
        call(),
        frame(DATA, 0, 0),
        frame(SETTINGS, ACK, 0),
        frame(PING, 0, 0, new byte[8]),
        frame(WINDOW, 0, 0, 0, 0, 0, 1),
        frame(GOODBYE, 0, 0, new byte[8]),
        frame(99, 0, 0));
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
      speak(join(begin(), afterSettings));
    }
    assertOneLine(part);
  }

  @ParameterizedTest
  @MethodSource("beginnings")
  void isClosedIfItDoesNotBeginWithSettings(byte[] afterPreface) throws IOException {
    speak(join(PREFACE, afterPreface));
    assertOneLine("without a handshake");
  }

  /**
   * It does not wait for an answer, and this end does not write one in vain. What fills Netty's
   * first buffer of 2,048 bytes is read together with the end behind it.
   */
  @ParameterizedTest
  @CsvSource({"0, false", "0, true", "2048, false"})
  void isClosedWithOneLineIfItClosesAtOnce(int length, boolean resets) throws IOException {
    byte[] words = join(begin(), call(), message(bytes(1)));
    if (words.length < length) {
      byte[] padding = frame(99, 0, 0, new byte[length - words.length - 9]);
      words = join(begin(), padding, call(), message(bytes(1)));
    }
    for (int i = 0; i < 20; i++) {
      try (Socket socket = new Socket(address.host(), address.port())) {
        socket.getOutputStream().write(words);
        socket.setSoLinger(resets, 0);
      }
    }
    Await.until("a line", () -> !log.linesWith("WARNING").isEmpty());
  }

  private void speak(byte[] words) throws IOException {
    try (Socket socket = new Socket(address.host(), address.port())) {
      try {
        socket.getOutputStream().write(words);
      } catch (SocketException e) {
        // Closed in the middle of it, as it may be.
        assertThat(socket.isConnected()).isTrue();
      }
      HostileStrangerTest.awaitClosed(socket);
    }
  }

  private void assertOneLine(String part) {
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

  @Test
  void takesWhatClientsAndProxiesMayAdd() throws IOException {
    byte[] call =
        headers(
            1,
            header("te", "trailers"),
            header("grpc-timeout", "99999999H"),
            header("grpc-encoding", "gzip"),
            header("grpc-trace-bin", "AAE,AAE="),
            header("x-request-id", "7"));
    try (Socket socket = new Socket(address.host(), address.port())) {
      socket
          .getOutputStream()
          .write(
              join(
                  begin(),
                  frame(PRIORITY, 0, 3, 0, 0, 0, 0, 7),
                  frame(99, 0, 0, 1, 2, 3),
                  // All that fits into the windows, as nginx grants it.
                  frame(SETTINGS, 0, 0, 0, 4, 0x7f, 0xff, 0xff, 0xff),
                  frame(WINDOW, 0, 0, 0x7f, 0xff, 0, 0),
                  frame(GOODBYE, 0, 0, new byte[8]),
                  frame(GOODBYE, 0, 0, new byte[8]),
                  call,
                  frame(DATA, 0, 1),
                  hello(),
                  piece("heard")));
      Await.until("the frame", () -> received.size() == 1);
      // The answer made room in windows that were full.
      socket
          .getOutputStream()
          .write(
              join(
                  frame(WINDOW, 0, 0, 0, 0, 0, 1),
                  frame(WINDOW, 0, 1, 0, 0, 0, 1),
                  piece("heard again")));
      Await.until("the next frame", () -> received.equals(List.of("n1", "n1")));
    }
    assertThat(log.linesWith("")).isEmpty();
  }
}
