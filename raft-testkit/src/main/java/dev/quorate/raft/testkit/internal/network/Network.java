package dev.quorate.raft.testkit.internal.network;

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
import dev.quorate.raft.engine.message.Message;
import dev.quorate.raft.testkit.internal.time.Agenda;
import dev.quorate.raft.testkit.internal.trace.Frame;
import dev.quorate.raft.testkit.internal.trace.Trace;
import dev.quorate.raft.testkit.internal.trace.Trace.Event;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import java.util.zip.CRC32C;

/** All links between the machines of a run. */
public final class Network {

  private static final long MIN_DELAY_NANOS = 50_000;
  private static final long MAX_LATE_NANOS = 5_000_000_000L;

  private final Agenda agenda;
  private final RandomGenerator random;
  private final Trace trace;
  private final Judge judge;
  private final Map<NodeId, Listener> listeners = new TreeMap<>();
  private final Set<Link> cut = new TreeSet<>();
  private Weather weather = Weather.FAIR;

  private record Link(NodeId from, NodeId to) implements Comparable<Link> {
    @Override
    public int compareTo(Link other) {
      int order = from.compareTo(other.from);
      return order != 0 ? order : to.compareTo(other.to);
    }
  }

  private record Listener(FrameReceiver receiver, Consumer<Runnable> process) {}

  /** Looks at every message that leaves. */
  @FunctionalInterface
  public interface Judge {
    /** A message leaves its sender's machine. */
    void sent(Envelope envelope, Message message);
  }

  /** A network without machines, in fair weather. */
  public Network(Agenda agenda, RandomGenerator random, Trace trace, Judge judge) {
    this.agenda = agenda;
    this.random = random;
    this.trace = trace;
    this.judge = judge;
  }

  /** How frames fare from now on. */
  public void weather(Weather newWeather) {
    weather = newWeather;
  }

  /** Frames in that direction are lost from now on, those under way too. */
  public void cut(NodeId from, NodeId to) {
    cut.add(new Link(from, to));
  }

  /** All links work again. */
  public void heal() {
    cut.clear();
  }

  /** A machine's process died: nobody listens there. */
  public void down(NodeId id) {
    listeners.remove(id);
  }

  /**
   * The transport of one boot of a machine.
   *
   * @param outputs takes what the process lets out, and runs it when it has really left
   * @param process takes what comes in, and runs it when the process is not paused
   */
  public TransportProvider transport(Consumer<Runnable> outputs, Consumer<Runnable> process) {
    return new TransportProvider() {
      @Override
      public String name() {
        return "simulated";
      }

      @Override
      public Transport create(TransportContext context) {
        return new Endpoint(context.self(), context.bind(), outputs, process);
      }
    };
  }

  private void send(NodeId from, NodeId to, Lane lane, ByteBuffer frame) {
    Frame flight = judge(frame);
    boolean bulk = lane == Lane.BULK;
    int loss = weather.lossPercent() + (bulk ? weather.bulkLossPercent() : 0);
    int copies = random.nextInt(100) < weather.repeatPercent() ? 2 : 1;
    for (int i = 0; i < copies; i++) {
      boolean lost = random.nextInt(100) < loss;
      long delay = MIN_DELAY_NANOS + random.nextLong(weather.maxDelayNanos());
      delay += bulk ? random.nextLong(weather.maxBulkDelayNanos()) : 0;
      delay += random.nextInt(1_000) < weather.latePerMille() ? random.nextLong(MAX_LATE_NANOS) : 0;
      if (lost) {
        trace.add(Event.LOSE, from, 0, 0, flight);
      } else {
        agenda.after(delay, () -> deliver(flight, frame));
      }
    }
  }

  private Frame judge(ByteBuffer frame) {
    CRC32C checksum = new CRC32C();
    checksum.update(frame.duplicate());
    try {
      ByteBuffer rest = frame.duplicate();
      Envelope envelope = Envelope.decode(rest);
      Message message = MessageCodec.decode(rest);
      NodeId from = envelope.from().id();
      Frame flight = new Frame(from, envelope.to(), agenda.now(), message);
      trace.add(Event.SEND, from, envelope.to().value().hashCode(), checksum.getValue(), flight);
      judge.sent(envelope, message);
      return flight;
    } catch (DecodeException e) {
      throw new AssertionError("a frame that cannot be read was sent", e);
    }
  }

  private void deliver(Frame flight, ByteBuffer frame) {
    NodeId from = flight.from();
    NodeId to = flight.to();
    Listener listener = listeners.get(to);
    if (listener == null || cut.contains(new Link(from, to))) {
      trace.add(Event.LOSE, to, 1, 0, flight);
      return;
    }
    trace.add(Event.DELIVER, to, from.value().hashCode(), frame.remaining(), flight);
    listener.process.accept(() -> listener.receiver.onFrame(from, frame.duplicate()));
  }

  private final class Endpoint implements Transport {

    private final NodeId self;
    private final Address address;
    private final Consumer<Runnable> outputs;
    private final Consumer<Runnable> process;

    private Endpoint(
        NodeId self, Address address, Consumer<Runnable> outputs, Consumer<Runnable> process) {
      this.self = self;
      this.address = address;
      this.outputs = outputs;
      this.process = process;
    }

    @Override
    public Address start(FrameReceiver receiver) {
      listeners.put(self, new Listener(receiver, process));
      return address;
    }

    @Override
    public void setPeers(Map<NodeId, Address> peers) {}

    @Override
    public void send(NodeId to, Lane lane, ByteBuffer frame) {
      outputs.accept(() -> Network.this.send(self, to, lane, frame));
    }

    @Override
    public void close() {
      listeners.remove(self);
    }
  }
}
