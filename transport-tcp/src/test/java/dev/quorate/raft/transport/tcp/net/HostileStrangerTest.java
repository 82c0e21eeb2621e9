package dev.quorate.raft.transport.tcp.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.raft.api.Address;
import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.config.Settings;
import dev.quorate.raft.api.transport.Lane;
import dev.quorate.raft.api.transport.TransportContext;
import dev.quorate.raft.testkit.internal.tests.Await;
import dev.quorate.raft.testkit.internal.tests.RecordingLogger;
import dev.quorate.raft.transport.tcp.wire.Answer;
import dev.quorate.raft.transport.tcp.wire.Frame;
import dev.quorate.raft.transport.tcp.wire.FrameKind;
import dev.quorate.raft.transport.tcp.wire.GreetingDecoder;
import dev.quorate.raft.transport.tcp.wire.Hello;
import dev.quorate.raft.transport.tcp.wire.Verdict;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A listener in a bad neighbourhood: each test speaks to it byte by byte. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HostileStrangerTest {

  private static final NodeId SELF = NodeId.of("n2");
  private static final int MAX_FRAME_BYTES = 100_000;
  private static final Hello GOOD_HELLO = Hello.of("c", "n1", "n2");

  private final RecordingLogger log = new RecordingLogger();
  private final List<String> received = new CopyOnWriteArrayList<>();
  private final List<Socket> sockets = new ArrayList<>();
  private TcpTransport transport;
  private Address address;

  @BeforeEach
  void start() throws IOException {
    transport = transport(SELF, log);
    address =
        transport.start(
            (from, frame) ->
                received.add(from + ":" + StandardCharsets.UTF_8.decode(frame.duplicate())));
  }

  private static TcpTransport transport(NodeId self, RecordingLogger log) {
    Settings settings =
        Settings.empty()
            .with("raft.transport.tcp.handshake-timeout", "300ms")
            .with("raft.transport.tcp.max-inbound", "8");
    return new TcpTransport(
        new TransportContext("c", self, new Address("127.0.0.1", 0), MAX_FRAME_BYTES, settings),
        TcpSettings.from(settings),
        log);
  }

  @AfterEach
  void stop() throws IOException {
    transport.close();
    for (Socket socket : sockets) {
      socket.close();
    }
  }

  private Socket dial() throws IOException {
    Socket socket = new Socket(address.host(), address.port());
    sockets.add(socket);
    return socket;
  }

  private Socket greeted() throws IOException {
    Socket socket = dial();
    write(socket, GOOD_HELLO.encode());
    assertThat(answer(socket).verdict()).isEqualTo(Verdict.ACCEPTED);
    return socket;
  }

  private static void write(Socket socket, ByteBuffer bytes) throws IOException {
    socket.getOutputStream().write(bytes.array(), bytes.arrayOffset(), bytes.remaining());
  }

  private static Answer answer(Socket socket) throws IOException {
    GreetingDecoder decoder = GreetingDecoder.ofAnswer();
    byte[] one = new byte[1];
    while (socket.getInputStream().read(one) > 0) {
      ByteBuffer body = decoder.next(ByteBuffer.wrap(one));
      if (body != null) {
        return Answer.decode(body);
      }
    }
    throw new IOException("closed without an answer");
  }

  private static ByteBuffer frame(FrameKind kind, String text) {
    ByteBuffer payload = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    ByteBuffer out = ByteBuffer.allocate(Frame.HEADER_BYTES + payload.remaining());
    Frame.putHeader(out, 1, kind, payload);
    return out.put(payload).flip();
  }

  /** Waits for the other end to close, and says how many bytes came before. */
  private static int bytesUntilClosed(Socket socket) {
    byte[] buffer = new byte[1000];
    int total = 0;
    try {
      for (int n = socket.getInputStream().read(buffer); n >= 0; ) {
        total += n;
        n = socket.getInputStream().read(buffer);
      }
    } catch (IOException e) {
      // A reset is a way of closing, too: there were bytes that nobody wanted to read.
      return total;
    }
    return total;
  }

  private void assertClosedWithOneLine(Socket socket, String part) {
    bytesUntilClosed(socket);
    assertThat(received).isEmpty();
    assertThat(log.linesWith("WARNING")).singleElement().asString().contains(part);
  }

  @Test
  void acceptsAGoodPeerAndItsFrames() throws IOException {
    Socket socket = greeted();
    write(socket, frame(FrameKind.DATA, "hello"));
    write(socket, frame(FrameKind.KEEPALIVE, ""));
    write(socket, frame(FrameKind.DATA, "again"));
    Await.until("two frames", () -> received.size() == 2);
    assertThat(received).containsExactly("n1:hello", "n1:again");
    assertThat(log.linesWith("")).isEmpty();
  }

  @Test
  void closesOnGarbageAndSaysSoOnce() throws IOException {
    for (int i = 0; i < 5; i++) {
      Socket socket = dial();
      write(socket, ByteBuffer.wrap("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.UTF_8)));
      assertThat(bytesUntilClosed(socket)).isZero();
    }
    assertThat(log.linesWith("WARNING")).singleElement().asString().contains("not this protocol");
  }

  @Test
  void closesOnALongHandshake() throws IOException {
    ByteBuffer hello = GOOD_HELLO.encode();
    hello.putShort(4, (short) 0xffff);
    Socket socket = dial();
    write(socket, hello);
    assertClosedWithOneLine(socket, "65535");
  }

  @Test
  void closesOnACorruptHandshake() throws IOException {
    ByteBuffer hello = GOOD_HELLO.encode();
    hello.put(hello.limit() - 1, (byte) (hello.get(hello.limit() - 1) ^ 1));
    Socket socket = dial();
    write(socket, hello);
    assertClosedWithOneLine(socket, "checksum");
  }

  @Test
  void closesOnHalfAHandshake() throws IOException {
    Socket socket = dial();
    write(socket, GOOD_HELLO.encode().limit(20));
    assertClosedWithOneLine(socket, "did not finish its handshake");
  }

  @Test
  void closesOnASlowHandshakeThoughItNeverStops() throws IOException {
    Socket socket = dial();
    byte[] hello = GOOD_HELLO.encode().array();
    long end = System.nanoTime() + 2_000_000_000L;
    int[] next = {0};
    Await.until(
        "the slow dialler's end",
        () -> {
          try {
            if (next[0] < hello.length - 1) {
              socket.getOutputStream().write(hello[next[0]++]);
            }
          } catch (IOException e) {
            return true;
          }
          Await.pass(Duration.ofMillis(50));
          return !log.linesWith("did not finish").isEmpty() || System.nanoTime() - end > 0;
        });
    assertClosedWithOneLine(socket, "did not finish its handshake");
  }

  @Test
  void answersOtherVersionsWithItsOwn() throws IOException {
    Socket socket = dial();
    write(socket, new Hello(7, 9, "c", "n1", "n2").encode());
    Answer answer = answer(socket);
    assertThat(answer.verdict()).isEqualTo(Verdict.OTHER_VERSION);
    assertThat(answer.text()).contains("1 to 1");
    assertClosedWithOneLine(socket, "7 to 9");
  }

  @Test
  void agreesOnAVersionWithANewerDialler() throws IOException {
    Socket socket = dial();
    write(socket, new Hello(1, 9, "c", "n1", "n2").encode());
    assertThat(answer(socket)).isEqualTo(Answer.accept(1));
  }

  @Test
  void refusesADiallerWithItsOwnName() throws IOException {
    Socket socket = dial();
    write(socket, Hello.of("c", "n2", "n2").encode());
    assertThat(answer(socket).verdict()).isEqualTo(Verdict.OTHER_NODE);
    assertClosedWithOneLine(socket, "this is node 'n2'");
  }

  @Test
  void refusesADiallerOfAnotherCluster() throws IOException {
    Socket socket = dial();
    write(socket, Hello.of("other", "n1", "n2").encode());
    Answer answer = answer(socket);
    assertThat(answer.verdict()).isEqualTo(Verdict.OTHER_CLUSTER);
    assertThat(answer.text()).isEqualTo("this is cluster 'c'");
    assertClosedWithOneLine(socket, "cluster 'other'");
  }

  @Test
  void refusesADiallerThatWantsAnotherNodeAndThatSaysSoOnce() throws IOException {
    RecordingLogger diallersLog = new RecordingLogger();
    try (TcpTransport dialler = transport(NodeId.of("n1"), diallersLog)) {
      dialler.start((from, frame) -> {});
      dialler.setPeers(Map.of(NodeId.of("n3"), address));
      Await.until("the refusal", () -> !diallersLog.linesWith("this is node 'n2'").isEmpty());
      Await.pass(Duration.ofMillis(300));
      assertThat(diallersLog.linesWith("this is node 'n2'")).hasSize(1);
      assertThat(log.linesWith("WARNING")).singleElement().asString().contains("'n3'");
    }
  }

  @Test
  void refusesAnImpossibleName() throws IOException {
    Socket socket = dial();
    write(socket, Hello.of("c", "no\nsuch", "n2").encode());
    assertClosedWithOneLine(socket, "impossible node");
    assertThat(log.linesWith("\n")).isEmpty();
  }

  @Test
  void closesOnAHugeFrame() throws IOException {
    Socket socket = greeted();
    ByteBuffer frame = frame(FrameKind.DATA, "x");
    frame.putInt(0, MAX_FRAME_BYTES + 1);
    write(socket, frame);
    assertClosedWithOneLine(socket, String.valueOf(MAX_FRAME_BYTES + 1));
  }

  @Test
  void closesOnACorruptFrameAndDeliversWhatCameBefore() throws IOException {
    Socket socket = greeted();
    write(socket, frame(FrameKind.DATA, "sound"));
    ByteBuffer frame = frame(FrameKind.DATA, "corrupt");
    frame.put(Frame.HEADER_BYTES, (byte) 'C');
    write(socket, frame);
    write(socket, frame(FrameKind.DATA, "behind"));
    bytesUntilClosed(socket);
    assertThat(received).containsExactly("n1:sound");
    assertThat(log.linesWith("WARNING")).singleElement().asString().contains("checksum");
  }

  @Test
  void closesOnFramesThatNoDiallerSends() throws IOException {
    for (ByteBuffer wrong :
        List.of(
            frame(FrameKind.DATA, ""),
            frame(FrameKind.KEEPALIVE, "x"),
            frame(FrameKind.ACK, "12345678"))) {
      Socket socket = greeted();
      write(socket, wrong);
      bytesUntilClosed(socket);
    }
    assertThat(received).isEmpty();
    assertThat(log.linesWith("WARNING")).hasSize(1);
  }

  @Test
  void acknowledgesWhatArrived() throws IOException {
    Socket socket = greeted();
    ByteBuffer frame = frame(FrameKind.DATA, "hello");
    write(socket, frame);
    byte[] ack = socket.getInputStream().readNBytes(Frame.HEADER_BYTES + Long.BYTES);
    assertThat(ByteBuffer.wrap(ack).getLong(Frame.HEADER_BYTES)).isEqualTo(frame.limit());
  }

  @Test
  void keepsTheNewestOfAPeersConnections() throws IOException {
    Socket older = greeted();
    Socket newer = greeted();
    bytesUntilClosed(older);
    write(newer, frame(FrameKind.DATA, "new"));
    Await.until("the newer connection's frame", () -> received.contains("n1:new"));
  }

  @Test
  void letsPeersInThoughStrangersTakeAllPlaces() throws IOException {
    List<Socket> strangers = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      strangers.add(dial());
    }
    Socket peer = greeted();
    write(peer, frame(FrameKind.DATA, "made it"));
    Await.until("the peer's frame", () -> received.contains("n1:made it"));
    strangers.forEach(HostileStrangerTest::bytesUntilClosed);
  }

  @Test
  void turnsAwayMorePeersThanItHoldsAndKeepsThoseItHas() throws IOException {
    List<Socket> peers = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      Socket socket = dial();
      write(socket, Hello.of("c", "p" + i, "n2").encode());
      assertThat(answer(socket).verdict()).isEqualTo(Verdict.ACCEPTED);
      peers.add(socket);
    }
    Socket surplus = dial();
    assertThat(bytesUntilClosed(surplus)).isZero();
    write(peers.get(0), frame(FrameKind.DATA, "still here"));
    Await.until("a frame of the first peer", () -> received.contains("p0:still here"));
    assertThat(log.linesWith("WARNING")).singleElement().asString().contains("8 of peers");
  }

  @Test
  void survivesAnAcceptorThatTalksNonsense() throws IOException {
    RecordingLogger diallersLog = new RecordingLogger();
    try (TcpTransport dialler = transport(NodeId.of("n1"), diallersLog);
        java.net.ServerSocket fake =
            new java.net.ServerSocket(0, 5, java.net.InetAddress.getLoopbackAddress())) {
      dialler.start((from, frame) -> {});
      dialler.setPeers(Map.of(SELF, new Address("127.0.0.1", fake.getLocalPort())));
      for (int i = 0; i < 3; i++) {
        try (Socket socket = fake.accept()) {
          socket.getOutputStream().write("HTTP/1.1 400".getBytes(StandardCharsets.UTF_8));
          bytesUntilClosed(socket);
        }
      }
      try (Socket socket = fake.accept()) {
        write(socket, Answer.accept(1).encode());
        ByteBuffer lie = ByteBuffer.allocate(Long.BYTES).putLong(0, 1_000);
        ByteBuffer ack = ByteBuffer.allocate(Frame.HEADER_BYTES + Long.BYTES);
        Frame.putHeader(ack, 1, FrameKind.ACK, lie);
        write(socket, ack.put(lie).flip());
        bytesUntilClosed(socket);
      }
      dialler.setPeers(Map.of(SELF, address));
      Await.until(
          "a frame to the true node",
          () -> {
            dialler.send(SELF, Lane.CONTROL, ByteBuffer.wrap("x".getBytes(StandardCharsets.UTF_8)));
            return received.contains("n1:x");
          });
      assertThat(diallersLog.linesWith("Cannot connect to n2")).hasSize(1);
    }
  }
}
