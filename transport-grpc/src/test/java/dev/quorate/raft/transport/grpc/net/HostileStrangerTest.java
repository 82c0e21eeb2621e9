package dev.quorate.raft.transport.grpc.net;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.quorate.raft.api.Address;
import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.config.Settings;
import dev.quorate.raft.api.transport.FrameReceiver;
import dev.quorate.raft.api.transport.TransportContext;
import dev.quorate.raft.testkit.internal.tests.Await;
import dev.quorate.raft.testkit.internal.tests.RecordingLogger;
import dev.quorate.raft.transport.grpc.proto.Answer;
import dev.quorate.raft.transport.grpc.proto.Bundle;
import dev.quorate.raft.transport.grpc.proto.Hello;
import dev.quorate.raft.transport.grpc.proto.Incoming;
import dev.quorate.raft.transport.grpc.proto.Outgoing;
import dev.quorate.raft.transport.grpc.proto.Piece;
import dev.quorate.raft.transport.grpc.proto.RaftTransportGrpc;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
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

/** A listener in a bad neighbourhood. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HostileStrangerTest {

  private static final int MAX_FRAME_BYTES = 100_000;

  private final RecordingLogger log = new RecordingLogger();
  private final GrpcsOwnLog grpcsLog = new GrpcsOwnLog();
  private final List<String> received = new CopyOnWriteArrayList<>();
  private final List<NodeId> lost = new CopyOnWriteArrayList<>();
  private final List<ManagedChannel> channels = new ArrayList<>();
  private final List<Socket> sockets = new ArrayList<>();
  private GrpcTransport transport;
  private Address address;

  /** A call, seen from the dialler. */
  private static final class Call implements StreamObserver<Incoming> {
    private final List<Incoming> answers = new CopyOnWriteArrayList<>();
    private StreamObserver<Outgoing> out;
    private volatile boolean ended;

    @Override
    public void onNext(Incoming message) {
      answers.add(message);
    }

    @Override
    public void onError(Throwable t) {
      ended = true;
    }

    @Override
    public void onCompleted() {
      ended = true;
    }
  }

  @BeforeEach
  void start() throws IOException {
    transport = transport(NodeId.of("n2"), log);
    address = transport.start(new Receiver());
  }

  private final class Receiver implements FrameReceiver {
    @Override
    public void onFrame(NodeId from, ByteBuffer frame) {
      received.add(from + ":" + StandardCharsets.UTF_8.decode(frame.duplicate()));
    }

    @Override
    public void onConnectionLost(NodeId peer) {
      lost.add(peer);
    }
  }

  private static GrpcTransport transport(NodeId self, RecordingLogger log) {
    Settings settings =
        Settings.empty()
            .with("raft.transport.grpc.handshake-timeout", "400ms")
            .with("raft.transport.grpc.max-inbound", "8");
    return new GrpcTransport(
        new TransportContext("c", self, new Address("127.0.0.1", 0), MAX_FRAME_BYTES, settings),
        GrpcSettings.from(settings),
        log);
  }

  @AfterEach
  void stop() throws IOException {
    channels.forEach(ManagedChannel::shutdownNow);
    transport.close();
    for (Socket socket : sockets) {
      socket.close();
    }
    grpcsLog.close();
    assertThat(grpcsLog.lines()).isEmpty();
  }

  private Call dial() {
    ManagedChannel channel =
        NettyChannelBuilder.forAddress(address.host(), address.port()).usePlaintext().build();
    channels.add(channel);
    Call call = new Call();
    call.out = RaftTransportGrpc.newStub(channel).exchange(call);
    return call;
  }

  private Call greeted(String from) {
    Call call = dial();
    call.out.onNext(hello(1, 1, "c", from, "n2"));
    Await.until("an answer", () -> !call.answers.isEmpty());
    assertThat(call.answers.get(0).getAnswer().getVerdict()).isEqualTo(Answer.Verdict.ACCEPTED);
    return call;
  }

  private static Outgoing hello(int min, int max, String cluster, String from, String to) {
    return Outgoing.newBuilder()
        .setHello(
            Hello.newBuilder()
                .setMinVersion(min)
                .setMaxVersion(max)
                .setCluster(cluster)
                .setFrom(from)
                .setTo(to))
        .build();
  }

  private static Outgoing piece(String text, boolean more) {
    return Outgoing.newBuilder()
        .setBundle(
            Bundle.newBuilder()
                .addPieces(Piece.newBuilder().setData(ByteString.copyFromUtf8(text)).setMore(more)))
        .build();
  }

  private void assertEndedWithOneLine(Call call, String part) {
    Await.until("the end of the call", () -> call.ended);
    Await.until("a line", () -> !log.linesWith("WARNING").isEmpty());
    assertThat(received).isEmpty();
    assertThat(log.linesWith("WARNING")).singleElement().asString().contains(part);
  }

  private Socket socket() throws IOException {
    Socket socket = new Socket(address.host(), address.port());
    sockets.add(socket);
    return socket;
  }

  /** Waits for the other end to close. */
  static void awaitClosed(Socket socket) {
    try {
      while (socket.getInputStream().read() >= 0) {
        // What a server says before it closes does not matter here.
        continue;
      }
    } catch (IOException e) {
      // A reset is a way of closing, too.
      return;
    }
  }

  @Test
  void acceptsAGoodPeerAndPutsItsFramesTogether() {
    Call call = greeted("n1");
    call.out.onNext(piece("one", false));
    call.out.onNext(piece("tw", true));
    call.out.onNext(piece("o", false));
    Await.until("two frames", () -> received.size() == 2);
    assertThat(received).containsExactly("n1:one", "n1:two");
    Await.until(
        "an acknowledgement", () -> call.answers.get(call.answers.size() - 1).getReceived() == 3);
    assertThat(log.linesWith("")).isEmpty();
  }

  @Test
  void answersOtherVersionsWithItsOwn() {
    Call call = dial();
    call.out.onNext(hello(7, 9, "c", "n1", "n2"));
    assertEndedWithOneLine(call, "7 to 9");
    assertThat(call.answers.get(0).getAnswer().getVerdict())
        .isEqualTo(Answer.Verdict.OTHER_VERSION);
  }

  @Test
  void refusesADiallerOfAnotherCluster() {
    Call call = dial();
    call.out.onNext(hello(1, 1, "other", "n1", "n2"));
    assertEndedWithOneLine(call, "cluster 'other'");
    Answer answer = call.answers.get(0).getAnswer();
    assertThat(answer.getVerdict()).isEqualTo(Answer.Verdict.OTHER_CLUSTER);
    assertThat(answer.getText()).isEqualTo("this is cluster 'c'");
  }

  @Test
  void refusesADiallerThatWantsAnotherNodeAndThatSaysSoOnce() throws IOException {
    RecordingLogger diallersLog = new RecordingLogger();
    try (GrpcTransport dialler = transport(NodeId.of("n1"), diallersLog)) {
      dialler.start((from, frame) -> {});
      dialler.setPeers(Map.of(NodeId.of("n3"), address));
      Await.until("the refusal", () -> !diallersLog.linesWith("this is node 'n2'").isEmpty());
      Await.pass(Duration.ofMillis(300));
      assertThat(diallersLog.linesWith("this is node 'n2'")).hasSize(1);
      assertThat(log.linesWith("WARNING")).singleElement().asString().contains("'n3'");
    }
  }

  @Test
  void refusesNamesThatAreImpossibleOrItsOwn() {
    Call impossible = dial();
    impossible.out.onNext(hello(1, 1, "c", "no\nsuch", "n2"));
    assertEndedWithOneLine(impossible, "node id");
    Call own = dial();
    own.out.onNext(hello(1, 1, "c", "n2", "n2"));
    Await.until("the end of the call", () -> own.ended);
    assertThat(own.answers.get(0).getAnswer().getVerdict()).isEqualTo(Answer.Verdict.OTHER_NODE);
  }

  @Test
  void endsACallThatDoesNotBeginWithAHello() {
    Call call = dial();
    call.out.onNext(piece("rude", false));
    assertEndedWithOneLine(call, "something else than a hello");
  }

  @Test
  void endsACallWithoutAHello() {
    assertEndedWithOneLine(dial(), "did not finish its handshake");
  }

  @Test
  void endsACallWithAFrameThatGrowsTooLong() {
    Call call = greeted("n1");
    String text = "x".repeat(60_000);
    call.out.onNext(piece(text, true));
    call.out.onNext(piece(text, true));
    assertEndedWithOneLine(call, String.valueOf(MAX_FRAME_BYTES));
  }

  @Test
  void endsACallWithAPieceThatIsTooLong() {
    Call call = greeted("n1");
    call.out.onNext(piece("x".repeat(70_000), false));
    assertEndedWithOneLine(call, "of 70012 bytes, where 65536 are the limit");
  }

  @Test
  void endsAStrangersCallWithAPieceThatIsTooLong() {
    Call call = dial();
    call.out.onNext(piece("x".repeat(70_000), false));
    assertEndedWithOneLine(call, "of 70012 bytes, where 65536 are the limit");
  }

  @Test
  void saysOnceThatAHostSendsPiecesThatAreTooLong() {
    for (int i = 0; i < 3; i++) {
      Call call = dial();
      call.out.onNext(piece("x".repeat(70_000), false));
      assertEndedWithOneLine(call, "are the limit");
    }
  }

  @Test
  void endsACallWithEmptyPieces() {
    Call call = greeted("n1");
    call.out.onNext(piece("", true));
    assertEndedWithOneLine(call, "empty");
    assertThat(lost).containsExactly(NodeId.of("n1"));
  }

  @Test
  void closesAConnectionOfGarbageAndSaysSoOnce() throws IOException {
    for (int i = 0; i < 3; i++) {
      Socket socket = socket();
      socket.getOutputStream().write("SSH-2.0-stranger\r\n\r\n".getBytes(StandardCharsets.UTF_8));
      awaitClosed(socket);
    }
    Await.until("a line", () -> !log.linesWith("WARNING").isEmpty());
    assertThat(log.linesWith("WARNING")).singleElement().asString().contains("without a handshake");
  }

  @Test
  void closesASilentConnection() throws IOException {
    awaitClosed(socket());
    Await.until("a line", () -> !log.linesWith("WARNING").isEmpty());
    assertThat(log.linesWith("WARNING")).singleElement().asString().contains("without a handshake");
  }

  @Test
  void closesAConnectionThatSpeaksHttpAndNeverCalls() throws IOException {
    Socket socket = socket();
    byte[] preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    byte[] emptySettings = {0, 0, 0, 4, 0, 0, 0, 0, 0};
    socket.getOutputStream().write(preface);
    socket.getOutputStream().write(emptySettings);
    awaitClosed(socket);
    Await.until("a line", () -> !log.linesWith("WARNING").isEmpty());
  }

  @Test
  void keepsTheNewestOfAPeersCalls() {
    Call older = greeted("n1");
    Call newer = greeted("n1");
    Await.until("the end of the older call", () -> older.ended);
    assertThat(lost).containsExactly(NodeId.of("n1"));
    newer.out.onNext(piece("new", false));
    Await.until("the newer call's frame", () -> received.contains("n1:new"));
  }

  @Test
  void tellsOnceThatAPeerEndedItsCall() {
    Call call = greeted("n1");
    call.out.onCompleted();
    Await.until("the news", () -> !lost.isEmpty());
    Await.until("the end of the call", () -> call.ended);
    transport.close();
    assertThat(lost).containsExactly(NodeId.of("n1"));
  }

  @Test
  void tellsNobodyOfCallsThatItEndsWhenItIsClosed() {
    greeted("n1");
    transport.close();
    assertThat(lost).isEmpty();
  }

  @Test
  void letsPeersInThoughStrangersTakeAllPlaces() throws IOException {
    for (int i = 0; i < 20; i++) {
      socket();
    }
    Call call = greeted("n1");
    call.out.onNext(piece("made it", false));
    Await.until("the peer's frame", () -> received.contains("n1:made it"));
  }

  @Test
  void turnsAwayMorePeersThanItHoldsAndKeepsThoseItHas() throws IOException {
    List<Call> peers = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      peers.add(greeted("p" + i));
    }
    awaitClosed(socket());
    peers.get(0).out.onNext(piece("still here", false));
    Await.until("a frame of the first peer", () -> received.contains("p0:still here"));
    assertThat(log.linesWith("WARNING")).singleElement().asString().contains("8 already");
  }
}
