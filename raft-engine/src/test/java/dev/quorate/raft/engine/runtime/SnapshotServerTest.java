package dev.quorate.raft.engine.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.raft.api.Address;
import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.metrics.RaftMetrics;
import dev.quorate.raft.api.storage.SnapshotId;
import dev.quorate.raft.api.storage.SnapshotSink;
import dev.quorate.raft.api.transport.FrameReceiver;
import dev.quorate.raft.api.transport.Lane;
import dev.quorate.raft.api.transport.Transport;
import dev.quorate.raft.engine.codec.DecodeException;
import dev.quorate.raft.engine.codec.Envelope;
import dev.quorate.raft.engine.codec.MessageCodec;
import dev.quorate.raft.engine.disk.MemorySnapshots;
import dev.quorate.raft.engine.message.Message.SnapshotChunk;
import dev.quorate.raft.engine.message.Message.SnapshotRequest;
import dev.quorate.raft.engine.message.Peer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SnapshotServerTest {

  private static final Peer N2 = new Peer(NodeId.of("n2"), 2, 22);
  private static final Peer N3 = new Peer(NodeId.of("n3"), 3, 33);
  private static final long IDLE_MILLIS = 31_000;

  private final ManualEnvironment environment = new ManualEnvironment(1);
  private final MemorySnapshots snapshots = new MemorySnapshots();
  private final Sent sent = new Sent();
  private final RateLimitedLog log = new RateLimitedLog(System.getLogger("test"), environment);
  private final SnapshotFiles files = new SnapshotFiles(snapshots, 1, 2, log);
  private final List<SnapshotId> damaged = new ArrayList<>();
  private final SnapshotServer server =
      new SnapshotServer(
          files,
          new Outbound(new Peer(NodeId.of("n1"), 1, 11), "default", sent, 1 << 20, log),
          100,
          environment,
          RaftMetrics.NONE,
          log,
          new Damages());

  /** Keeps the parts that are sent. */
  private static final class Sent implements Transport {
    private final List<SnapshotChunk> chunks = new ArrayList<>();

    @Override
    public Address start(FrameReceiver receiver) {
      return new Address("host", 7_001);
    }

    @Override
    public void setPeers(Map<NodeId, Address> peers) {
      // Everybody is reached.
    }

    @Override
    public void send(NodeId to, Lane lane, ByteBuffer frame) {
      try {
        Envelope.decode(frame);
        chunks.add((SnapshotChunk) MessageCodec.decode(frame));
      } catch (DecodeException e) {
        throw new AssertionError(e);
      }
    }

    @Override
    public void close() {
      // Nothing is open.
    }
  }

  /** Keeps what is told to be damaged. */
  private final class Damages implements SnapshotServer.Listener {
    @Override
    public void onSnapshotDamaged(SnapshotId id) {
      damaged.add(id);
    }

    @Override
    public void onFault(Throwable cause) {
      throw new AssertionError(cause);
    }
  }

  private SnapshotId snapshot(long index) throws IOException {
    try (SnapshotSink sink = files.create(index, 1)) {
      sink.write(ByteBuffer.allocate(200));
      return files.commit(sink);
    }
  }

  /** How many bytes come back. */
  private int ask(Peer from, SnapshotId id, long offset) {
    server.onRequest(from, new SnapshotRequest(id, offset, 100));
    environment.advance(0);
    return sent.chunks.get(sent.chunks.size() - 1).bytes().remaining();
  }

  @Test
  void twoThatFetchTwoSnapshotsDoNotTakeThemAwayFromEachOther() throws IOException {
    SnapshotId older = snapshot(10);
    SnapshotId newer = snapshot(20);
    assertThat(ask(N2, older, 0)).isEqualTo(100);
    assertThat(ask(N3, newer, 0)).isEqualTo(100);
    snapshots.delete(older);
    snapshots.delete(newer);
    assertThat(ask(N2, older, 100)).isEqualTo(100);
    assertThat(ask(N3, newer, 100)).isEqualTo(100);
  }

  @Test
  void whatNobodyAsksForAnyMoreIsLetGo() throws IOException {
    SnapshotId older = snapshot(10);
    SnapshotId newer = snapshot(20);
    ask(N2, older, 0);
    environment.advance(IDLE_MILLIS / 2);
    ask(N3, newer, 0);
    snapshots.delete(older);
    snapshots.delete(newer);
    environment.advance(IDLE_MILLIS / 2);
    assertThat(ask(N2, older, 100)).isZero();
    assertThat(ask(N3, newer, 100)).isEqualTo(100);
  }

  @Test
  void aDamagedOneIsToldOnceAndNotServedUntilItIsMadeAgain() throws IOException {
    SnapshotId id = snapshot(10);
    SnapshotId other = snapshot(20);
    snapshots.damage(id, 150);
    assertThat(ask(N2, id, 0)).isEqualTo(100);
    assertThat(damaged).isEmpty();
    assertThat(ask(N2, id, 100)).isZero();
    assertThat(ask(N2, id, 0)).as("of no use without the rest").isZero();
    assertThat(ask(N3, id, 100)).isZero();
    assertThat(damaged).containsExactly(id);
    assertThat(ask(N2, other, 100)).isEqualTo(100);
    assertThat(snapshot(10)).isEqualTo(id);
    assertThat(ask(N2, id, 100)).isEqualTo(100);
    assertThat(damaged).containsExactly(id);
  }

  @Test
  void onlySoManyStayOpen() throws IOException {
    List<SnapshotId> all = new ArrayList<>();
    for (int i = 1; i <= 9; i++) {
      all.add(snapshot(i));
      ask(N2, all.get(i - 1), 0);
    }
    for (SnapshotId id : all) {
      snapshots.delete(id);
    }
    assertThat(ask(N2, all.get(1), 100)).isEqualTo(100);
    assertThat(ask(N2, all.get(0), 100)).isZero();
  }
}
