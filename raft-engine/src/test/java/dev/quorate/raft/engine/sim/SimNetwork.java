package dev.quorate.raft.engine.sim;

import dev.quorate.raft.api.Address;
import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.transport.FrameReceiver;
import dev.quorate.raft.api.transport.Lane;
import dev.quorate.raft.api.transport.Transport;
import dev.quorate.raft.api.transport.TransportContext;
import dev.quorate.raft.api.transport.TransportProvider;
import dev.quorate.raft.engine.codec.DecodeException;
import dev.quorate.raft.engine.codec.Envelope;
import dev.quorate.raft.engine.codec.MessageCodec;
import dev.quorate.raft.engine.message.MemberId;
import dev.quorate.raft.engine.message.Message;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/**
 * A network that delays, loses, repeats and reorders, and whose links can be cut in one direction.
 */
final class SimNetwork implements TransportProvider {

  private static final long MICRO = 1_000;
  private static final long MILLI = 1_000_000;

  private final Agenda agenda;
  private final RandomGenerator random;
  private final Invariants invariants;
  private final Map<NodeId, FrameReceiver> receivers = new TreeMap<>();
  private final Set<String> cut = new HashSet<>();
  private final Map<Class<?>, Integer> sent = new HashMap<>();
  private int lossPercent;
  private int repeatPercent;
  private long maxDelayNanos = MILLI;
  private int bulkLossPercent;
  private long maxBulkDelayNanos = 1;

  SimNetwork(Agenda agenda, RandomGenerator random, Invariants invariants) {
    this.agenda = agenda;
    this.random = random;
    this.invariants = invariants;
  }

  void weather(int newLossPercent, int newRepeatPercent, long newMaxDelayNanos) {
    lossPercent = newLossPercent;
    repeatPercent = newRepeatPercent;
    maxDelayNanos = newMaxDelayNanos;
  }

  /** Bulk is slower and is lost more often: heartbeats overtake it (two lanes, rule P17). */
  void bulkWeather(int newBulkLossPercent, long newMaxBulkDelayNanos) {
    bulkLossPercent = newBulkLossPercent;
    maxBulkDelayNanos = newMaxBulkDelayNanos;
  }

  /** How many messages of a kind were sent so far. */
  int count(Class<? extends Message> kind) {
    return sent.getOrDefault(kind, 0);
  }

  void cut(NodeId from, NodeId to) {
    cut.add(from + ">" + to);
  }

  void heal() {
    cut.clear();
  }

  /** The node no longer listens; some of the others notice, now and then when it is back again. */
  void down(NodeId id) {
    receivers.remove(id);
    for (NodeId other : receivers.keySet()) {
      if (random.nextBoolean()) {
        long late = random.nextInt(10) == 0 ? random.nextLong(2_000 * MILLI) : 0;
        agenda.after(random.nextLong(MILLI) + late, () -> tellGone(id, other));
      }
    }
  }

  private void tellGone(NodeId id, NodeId to) {
    FrameReceiver receiver = receivers.get(to);
    if (receiver != null) {
      receiver.onPeerGone(id);
    }
  }

  @Override
  public String name() {
    return "sim";
  }

  @Override
  public Transport create(TransportContext context) {
    return new Endpoint(context.self(), context.bind());
  }

  private void send(NodeId from, NodeId to, Lane lane, ByteBuffer frame) {
    judge(frame);
    boolean bulk = lane == Lane.BULK;
    int loss = bulk ? Math.max(lossPercent, bulkLossPercent) : lossPercent;
    int copies = random.nextInt(100) < repeatPercent ? 2 : 1;
    for (int i = 0; i < copies; i++) {
      if (random.nextInt(100) >= loss) {
        long delay = 50 * MICRO + random.nextLong(maxDelayNanos);
        // A few messages are so late that terms and boots have passed in between.
        long late = random.nextInt(200) < repeatPercent ? random.nextLong(3_000 * MILLI) : 0;
        long bulkDelay = bulk ? random.nextLong(maxBulkDelayNanos) : 0;
        agenda.after(delay + late + bulkDelay, () -> deliver(from, to, frame));
      }
    }
  }

  private void judge(ByteBuffer frame) {
    try {
      ByteBuffer rest = frame.duplicate();
      Envelope envelope = Envelope.decode(rest);
      Message message = MessageCodec.decode(rest);
      sent.merge(message.getClass(), 1, Integer::sum);
      invariants.sent(
          envelope.from().key(), new MemberId(envelope.to(), envelope.toIncarnation()), message);
    } catch (DecodeException e) {
      throw new AssertionError("a frame that cannot be read was sent", e);
    }
  }

  private void deliver(NodeId from, NodeId to, ByteBuffer frame) {
    FrameReceiver receiver = receivers.get(to);
    if (receiver != null && !cut.contains(from + ">" + to)) {
      receiver.onFrame(from, frame.duplicate());
    }
  }

  private final class Endpoint implements Transport {

    private final NodeId self;
    private final Address address;
    private Map<NodeId, Address> peers = Map.of();

    private Endpoint(NodeId self, Address address) {
      this.self = self;
      this.address = address;
    }

    @Override
    public Address start(FrameReceiver receiver) {
      receivers.put(self, receiver);
      return address;
    }

    @Override
    public void setPeers(Map<NodeId, Address> all) {
      peers = Map.copyOf(all);
    }

    @Override
    public void send(NodeId to, Lane lane, ByteBuffer frame) {
      if (peers.containsKey(to)) {
        SimNetwork.this.send(self, to, lane, frame);
      }
    }

    @Override
    public void close() {
      receivers.remove(self);
    }
  }
}
