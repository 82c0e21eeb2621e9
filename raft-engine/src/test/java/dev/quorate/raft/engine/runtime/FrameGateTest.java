package dev.quorate.raft.engine.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.raft.api.Address;
import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.engine.codec.Envelope;
import dev.quorate.raft.engine.codec.MessageCodec;
import dev.quorate.raft.engine.message.ClusterId;
import dev.quorate.raft.engine.message.Message;
import dev.quorate.raft.engine.message.Peer;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.ResourceBundle;
import org.junit.jupiter.api.Test;

class FrameGateTest {

  private static final NodeId N1 = NodeId.of("n1");
  private static final NodeId N2 = NodeId.of("n2");
  private static final Peer P2 = new Peer(N2, 12, 102);
  private static final ClusterId MINE = new ClusterId(1, 2);
  private static final ClusterId OTHER = new ClusterId(3, 4);
  private static final Message HEARTBEAT =
      new Message.Heartbeat(1, 1, 1, 1, 0, Message.Freshness.NONE);
  private static final Message PROBE =
      new Message.FormationProbe(List.of(), new Address("host1", 7001));
  private static final Message ANSWER = new Message.FormationAnswer(Optional.empty());

  private final List<Message> delivered = new ArrayList<>();
  private final List<NodeId> lost = new ArrayList<>();
  private final List<NodeId> gone = new ArrayList<>();
  private final List<Message> hostMessages = new ArrayList<>();
  private ClusterId mine = MINE;
  private final List<String> warnings = new ArrayList<>();
  private final RateLimitedLog log = new RateLimitedLog(new Warnings(), new ManualEnvironment(1));
  private final FrameGate gate =
      new FrameGate(
          N1, 11, new ClientEntrance(0, log), (from, message) -> hostMessages.add(message), log);

  private final class Warnings implements System.Logger {
    @Override
    public String getName() {
      return "test";
    }

    @Override
    public boolean isLoggable(Level level) {
      return true;
    }

    @Override
    public void log(Level level, ResourceBundle bundle, String message, Throwable thrown) {
      warnings.add(message);
    }

    @Override
    public void log(Level level, ResourceBundle bundle, String format, Object... parameters) {
      warnings.add(format);
    }
  }

  FrameGateTest() {
    gate.open(
        "default",
        new FrameGate.Inlet() {
          @Override
          public ClusterId clusterId() {
            return mine;
          }

          @Override
          public void deliver(Peer from, Message message, int bytes) {
            assertThat(from).isEqualTo(P2);
            assertThat(bytes).isPositive();
            delivered.add(message);
          }

          @Override
          public void connectionLost(NodeId peer) {
            lost.add(peer);
          }

          @Override
          public void peerGone(NodeId peer) {
            gone.add(peer);
          }
        });
  }

  private static Envelope envelope(ClusterId cluster) {
    return new Envelope(cluster, "default", P2, N1, 11);
  }

  private boolean passes(NodeId from, Envelope envelope, Message message) {
    delivered.clear();
    gate.onFrame(from, MessageCodec.encode(envelope, message));
    return !delivered.isEmpty();
  }

  @Test
  void whatIsMeantForThisNodePasses() {
    assertThat(passes(N2, envelope(MINE), HEARTBEAT)).isTrue();
    assertThat(delivered).containsExactly(HEARTBEAT);
  }

  @Test
  void anotherDiskGroupOrNodeIsNotMeant() {
    assertThat(passes(N2, new Envelope(MINE, "default", P2, N1, 99), HEARTBEAT)).isFalse();
    assertThat(passes(N2, new Envelope(MINE, "other", P2, N1, 11), HEARTBEAT)).isFalse();
    assertThat(passes(N2, new Envelope(MINE, "default", P2, NodeId.of("n3"), 11), HEARTBEAT))
        .isFalse();
    gate.close("default");
    assertThat(passes(N2, envelope(MINE), HEARTBEAT)).isFalse();
  }

  @Test
  void aGroupThatIsNotKnownHereIsSpokenOfUnlessTheNodeBeginsOrEnds() {
    passes(N2, new Envelope(MINE, "other", P2, N1, 11), HEARTBEAT);
    assertThat(warnings).singleElement().asString().contains("n2", "other");
    warnings.clear();
    gate.close("default");
    passes(N2, new Envelope(MINE, "default", P2, N1, 11), HEARTBEAT);
    assertThat(warnings).isEmpty();
  }

  @Test
  void theSenderIsWhomTheHandshakeNamed() {
    assertThat(passes(NodeId.of("n3"), envelope(MINE), HEARTBEAT)).isFalse();
    Envelope ofMyself = new Envelope(MINE, "default", new Peer(N1, 11, 101), N1, 11);
    assertThat(passes(N1, ofMyself, HEARTBEAT)).isFalse();
  }

  @Test
  void onlyAProbeIsForWhateverDiskThereIs() {
    Envelope any = new Envelope(MINE, "default", new Peer(N2, 12, 102), N1, 0);
    assertThat(passes(N2, any, PROBE)).isTrue();
    assertThat(passes(N2, any, HEARTBEAT)).isFalse();
  }

  @Test
  void anotherClusterIsRefused() {
    assertThat(passes(N2, envelope(OTHER), HEARTBEAT)).isFalse();
    assertThat(passes(N2, envelope(OTHER), PROBE)).isFalse();
  }

  @Test
  void withoutAClusterOneSpeaksOfFormationOnly() {
    assertThat(passes(N2, envelope(ClusterId.NONE), PROBE)).isTrue();
    assertThat(passes(N2, envelope(ClusterId.NONE), HEARTBEAT)).isFalse();
    mine = ClusterId.NONE;
    assertThat(passes(N2, envelope(OTHER), ANSWER)).isTrue();
    assertThat(passes(N2, envelope(ClusterId.NONE), ANSWER)).isTrue();
    assertThat(passes(N2, envelope(OTHER), HEARTBEAT)).isFalse();
    assertThat(passes(N2, envelope(ClusterId.NONE), HEARTBEAT)).isFalse();
  }

  @Test
  void malformedFramesAreDropped() {
    gate.onFrame(N2, ByteBuffer.wrap(new byte[] {9}));
    gate.onFrame(N2, ByteBuffer.wrap(new byte[100]));
    assertThat(delivered).isEmpty();
  }

  @Test
  void everyGroupHearsWhoseConnectionIsLost() {
    gate.onConnectionLost(N2);
    assertThat(lost).containsExactly(N2);
    assertThat(gone).isEmpty();
  }

  @Test
  void everyGroupHearsWhoIsGone() {
    gate.onPeerGone(NodeId.of("n2"));
    assertThat(gone).containsExactly(NodeId.of("n2"));
  }
}
