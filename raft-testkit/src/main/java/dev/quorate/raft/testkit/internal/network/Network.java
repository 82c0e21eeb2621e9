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
import dev.quorate.raft.engine.message.Message.FormationProbe;
import dev.quorate.raft.engine.message.Message.Heartbeat;
import dev.quorate.raft.engine.message.Message.MembershipQuery;
import dev.quorate.raft.testkit.internal.time.Agenda;
import dev.quorate.raft.testkit.internal.trace.Frame;
import dev.quorate.raft.testkit.internal.trace.Trace;
import dev.quorate.raft.testkit.internal.trace.Trace.Event;
import dev.quorate.raft.testkit.simulation.Fault;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import java.util.zip.CRC32C;

/** All links between the machines of a run. */
public final class Network {

  private static final long MIN_DELAY_NANOS = 50_000;
  private static final long MAX_LATE_NANOS = 5_000_000_000L;
  private static final long MAX_REPLAY_NANOS = 50_000_000;
  private static final long MAX_REFUSAL_NANOS = 5_000_000;

  private final Agenda agenda;
  private final RandomGenerator random;
  private final Trace trace;
  private final Judge judge;
  private final Consumer<Fault> struck;
  private final Map<NodeId, Listener> listeners = new TreeMap<>();
  private final Set<Link> cut = new TreeSet<>();
  private final Map<Link, Long> cloggedUntil = new TreeMap<>();
  private final Map<Link, Integer> resets = new TreeMap<>();
  private final NarrowLinks narrow = new NarrowLinks();
  private final Breaks breaks = new Breaks();
  private final OldFrames oldFrames;
  private Judge stranger = (envelope, message) -> {};
  private Weather weather = Weather.FAIR;
  private boolean addressed;

  /** The process that listens at a machine. */
  record Listener(
      Address address,
      FrameReceiver receiver,
      Consumer<Runnable> outputs,
      Consumer<Runnable> process,
      Predicate<NodeId> names) {}

  /**
   * A frame under way, on the link's how many-th connection, to an address; without one it finds
   * the machine wherever that is.
   */
  private record Flight(
      Link link, Optional<Address> address, int connection, Frame frame, ByteBuffer bytes) {
    private boolean reaches(Listener listener) {
      return address.isEmpty() || address.get().equals(listener.address);
    }
  }

  /** Looks at every message that leaves. */
  @FunctionalInterface
  public interface Judge {
    /** A message leaves its sender's machine. */
    void sent(Envelope envelope, Message message);
  }

  /**
   * A network without machines, in fair weather.
   *
   * @param struck is told of each frame that the weather treats badly
   */
  public Network(
      Agenda agenda, RandomGenerator random, Trace trace, Judge judge, Consumer<Fault> struck) {
    this.agenda = agenda;
    this.random = random;
    this.trace = trace;
    this.judge = judge;
    this.struck = struck;
    this.oldFrames = new OldFrames(random);
  }

  /** Somebody who is no machine of this network sees every message, too. */
  public void seenBy(Judge somebody) {
    stranger = somebody;
  }

  /** A message of somebody else's network comes to a machine; tells whether anybody listens. */
  public boolean stray(Envelope envelope, Message message) {
    NodeId from = envelope.from().id();
    Listener listener = listeners.get(envelope.to());
    if (listener == null) {
      return false;
    }
    ByteBuffer bytes = MessageCodec.encode(envelope, message);
    Frame frame = new Frame(envelope.group(), from, envelope.to(), agenda.now(), message);
    trace.add(Event.LINK, envelope.to(), from.value().hashCode(), checksum(bytes), frame);
    listener.process.accept(() -> listener.receiver.onFrame(from, bytes));
    return true;
  }

  /** How frames fare from now on; no connection is going to break any more. */
  public void weather(Weather newWeather) {
    weather = newWeather;
    breaks.clear();
  }

  /** Whether nothing is sent to whom a node has no address of; else that one is found anyway. */
  public void addressed(boolean now) {
    addressed = now;
  }

  /** Frames in that direction are lost from now on, those under way too. */
  public void cut(NodeId from, NodeId to) {
    cut.add(new Link(from, to));
  }

  /** Whether frames in that direction are lost. */
  boolean isCut(NodeId from, NodeId to) {
    return cut.contains(new Link(from, to));
  }

  /** Who listens at a machine, or null. */
  Listener listener(NodeId id) {
    return listeners.get(id);
  }

  /** The machine whose process listens at an address. */
  Optional<NodeId> machineAt(Address address) {
    return listeners.entrySet().stream()
        .filter(it -> it.getValue().address.equals(address))
        .map(Map.Entry::getKey)
        .findFirst();
  }

  /** Frames in that direction stand still for so long, those under way too; none is lost. */
  public void clog(NodeId from, NodeId to, long nanos) {
    cloggedUntil.merge(new Link(from, to), agenda.now() + nanos, Math::max);
  }

  /**
   * A link carries only so much from now on, and drops what its queue has no room for; an urgent
   * frame does not wait for bulk.
   */
  public void narrow(NodeId from, NodeId to, long bytesPerSecond, long queueBytes) {
    narrow.narrow(new Link(from, to), bytesPerSecond, queueBytes);
  }

  /** A connection breaks in the middle of the next message, and all behind that is lost. */
  public void breakInMessage(NodeId from, NodeId to) {
    breaks.atNextMessage(new Link(from, to));
  }

  /** A connection breaks in the middle of a part of a snapshot, when so many have passed. */
  public void breakAfterChunks(NodeId from, NodeId to, int chunks) {
    breaks.afterChunks(new Link(from, to), chunks);
  }

  /** All links work again. */
  public void heal() {
    cut.clear();
    cloggedUntil.clear();
    narrow.widen();
  }

  /** From now on some frames are kept, so that they can be {@linkplain #replay replayed}. */
  public void remember(boolean keep) {
    oldFrames.keep(keep);
  }

  /**
   * Some frames that were once sent to a machine come to it once more, in any order. Tells whether
   * there were any.
   */
  public boolean replay(NodeId to, RandomGenerator source) {
    List<OldFrames.Sent> frames = oldFrames.some(to, source);
    for (OldFrames.Sent sent : frames) {
      Link link = new Link(sent.frame().from(), to);
      Flight flight = new Flight(link, Optional.empty(), resets(link), sent.frame(), sent.bytes());
      agenda.after(MIN_DELAY_NANOS + source.nextLong(MAX_REPLAY_NANOS), () -> repeat(flight));
    }
    return !frames.isEmpty();
  }

  /** But for what a sender said of a place that it left: its connections had ended before. */
  private void repeat(Flight flight) {
    Listener sender = listeners.get(flight.frame().from());
    if (!addressed
        || place(flight.frame().message())
            .filter(place -> sender == null || !sender.address().equals(place))
            .isEmpty()) {
      deliver(flight);
    }
  }

  /** Where the sender of a message says that it is. */
  private static Optional<Address> place(Message message) {
    if (message instanceof MembershipQuery query) {
      return Optional.of(query.address());
    } else if (message instanceof FormationProbe probe) {
      return Optional.of(probe.address());
    } else if (message instanceof Heartbeat heartbeat) {
      return heartbeat.address();
    }
    return Optional.empty();
  }

  /**
   * A machine's process died: nobody listens there.
   *
   * @param refuses whether the machine runs, so that it says so to whoever was connected, and
   *     whoever connects is refused at once
   */
  public void down(NodeId id, boolean refuses) {
    listeners.remove(id);
    if (refuses && weather.lossPercentAtEnd() > 0) {
      listeners.keySet().forEach(other -> lost(other, id));
    }
    if (refuses && weather.refusalPercent() > 0) {
      listeners.keySet().forEach(other -> refused(new Link(other, id)));
    }
  }

  /** What is under way over a connection that ended with a process is lost. */
  private void lost(NodeId told, NodeId ended) {
    Link there = new Link(told, ended);
    Link back = new Link(ended, told);
    if (random.nextInt(100) < weather.lossPercentAtEnd()
        && !cut.contains(there)
        && !cut.contains(back)) {
      struck.accept(Fault.LOST_CONNECTION);
      trace.add(Event.LINK, told, ended.value().hashCode(), 1, "lost");
      resets.merge(there, 1, Integer::sum);
      resets.merge(back, 1, Integer::sum);
      agenda.after(
          MIN_DELAY_NANOS + random.nextLong(MAX_REFUSAL_NANOS), () -> tellOfLoss(told, ended));
    }
  }

  /** Whose connection ended may connect anew, and is refused. */
  private void refused(Link link) {
    Listener told = listeners.get(link.from());
    boolean connects = random.nextInt(100) < weather.refusalPercent();
    agenda.after(
        MIN_DELAY_NANOS + random.nextLong(MAX_REFUSAL_NANOS),
        () -> {
          boolean hears =
              !cut.contains(link)
                  && !cut.contains(new Link(link.to(), link.from()))
                  && cloggedUntil.getOrDefault(link, 0L) <= agenda.now();
          if (connects
              && hears
              && listeners.get(link.from()) == told
              && listeners.get(link.to()) == null
              && told.names.test(link.to())) {
            struck.accept(Fault.REFUSED_CONNECTION);
            trace.add(Event.LINK, link.from(), link.to().value().hashCode(), 0, "refused");
            told.process.accept(() -> told.receiver.onPeerGone(link.to()));
          }
        });
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

  private void send(
      NodeId from, NodeId to, Optional<Address> address, Lane lane, ByteBuffer bytes) {
    long checksum = checksum(bytes);
    Frame frame = judge(bytes, checksum);
    oldFrames.sent(frame, bytes);
    Link link = new Link(from, to);
    boolean bulk = lane == Lane.BULK;
    int loss = weather.lossPercent() + (bulk ? weather.bulkLossPercent() : 0);
    int copies = random.nextInt(100) < weather.repeatPercent() ? 2 : 1;
    if (copies > 1) {
      struck.accept(Fault.FRAME_REPETITION);
    }
    for (int i = 0; i < copies; i++) {
      int lot = random.nextInt(100);
      long delay = delay(bulk);
      boolean corrupt = random.nextInt(1_000) < weather.corruptPerMille();
      OptionalLong leaving = narrow.pass(link, bulk, bytes.remaining(), agenda.now());
      Optional<Fault> breaking = breaks.at(link, frame.message());
      Flight flight = new Flight(link, address, resets(link), frame, bytes);
      if (lot < loss) {
        struck.accept(lot < weather.lossPercent() ? Fault.FRAME_LOSS : Fault.SLOW_BULK);
        trace.add(Event.LOSE, from, 0, 0, frame);
      } else if (leaving.isEmpty()) {
        struck.accept(Fault.NARROW_LINK);
        trace.add(Event.LOSE, from, 4, 0, frame);
      } else if (corrupt) {
        ByteBuffer damaged = damaged(bytes);
        agenda.after(leaving.getAsLong() + delay, () -> deliverDamaged(flight, damaged, checksum));
      } else {
        agenda.after(
            leaving.getAsLong() + delay,
            () -> breaking.ifPresentOrElse(why -> breakOff(flight, why), () -> deliver(flight)));
      }
    }
  }

  private long delay(boolean bulk) {
    long usual = random.nextLong(weather.maxDelayNanos());
    long slow = bulk ? random.nextLong(weather.maxBulkDelayNanos()) : 0;
    boolean late = random.nextInt(1_000) < weather.latePerMille();
    if (usual >= Weather.FAIR.maxDelayNanos()) {
      struck.accept(Fault.FRAME_DELAY);
    }
    if (slow >= Weather.FAIR.maxDelayNanos()) {
      struck.accept(Fault.SLOW_BULK);
    }
    if (late) {
      struck.accept(Fault.LATE_FRAMES);
    }
    return MIN_DELAY_NANOS + usual + slow + (late ? random.nextLong(MAX_LATE_NANOS) : 0);
  }

  private static long checksum(ByteBuffer bytes) {
    CRC32C checksum = new CRC32C();
    checksum.update(bytes.duplicate());
    return checksum.getValue();
  }

  private ByteBuffer damaged(ByteBuffer bytes) {
    ByteBuffer copy = ByteBuffer.allocate(bytes.remaining()).put(bytes.duplicate()).flip();
    int bit = random.nextInt(Byte.SIZE * copy.remaining());
    int at = bit / Byte.SIZE;
    return copy.put(at, (byte) (copy.get(at) ^ 1 << bit % Byte.SIZE));
  }

  private Frame judge(ByteBuffer bytes, long checksum) {
    try {
      ByteBuffer rest = bytes.duplicate();
      Envelope envelope = Envelope.decode(rest);
      Message message = MessageCodec.decode(rest);
      NodeId from = envelope.from().id();
      Frame frame = new Frame(envelope.group(), from, envelope.to(), agenda.now(), message);
      trace.add(Event.SEND, from, envelope.to().value().hashCode(), checksum, frame);
      judge.sent(envelope, message);
      stranger.sent(envelope, message);
      return frame;
    } catch (DecodeException e) {
      throw new AssertionError("a frame that cannot be read was sent", e);
    }
  }

  /** How often the connection of a link was broken: what was sent on an earlier one is lost. */
  private int resets(Link link) {
    return resets.getOrDefault(link, 0);
  }

  /** What transports do that have a checksum: the stream is of no use behind the damage. */
  private void deliverDamaged(Flight flight, ByteBuffer damaged, long checksum) {
    if (checksum(damaged) == checksum) {
      throw new AssertionError("a checksum that does not see one bit");
    }
    breakOff(flight, Fault.CORRUPT_FRAME);
  }

  /** The connection ends with this frame, and what was sent on it behind is lost. */
  private void breakOff(Flight flight, Fault why) {
    if (flight.connection == resets(flight.link)) {
      struck.accept(why);
      trace.add(Event.LOSE, flight.link.to(), 2, 0, flight.frame);
      resets.merge(flight.link, 1, Integer::sum);
      if (why != Fault.CORRUPT_FRAME) {
        tellOfLoss(flight.link.from(), flight.link.to());
        tellOfLoss(flight.link.to(), flight.link.from());
      }
    }
  }

  /** Of a stream that is of no use any more whoever reads it learns in time, or never. */
  private void tellOfLoss(NodeId told, NodeId peer) {
    Listener listener = listeners.get(told);
    if (listener != null) {
      listener.process.accept(() -> listener.receiver.onConnectionLost(peer));
    }
  }

  private void deliver(Flight flight) {
    Link link = flight.link;
    long clogged = cloggedUntil.getOrDefault(link, 0L) - agenda.now();
    if (clogged > 0) {
      agenda.after(clogged, () -> deliver(flight));
      return;
    }
    Listener listener = listeners.get(link.to());
    if (listener == null
        || !flight.reaches(listener)
        || cut.contains(link)
        || flight.connection != resets(link)) {
      trace.add(Event.LOSE, link.to(), 1, 0, flight.frame);
      return;
    }
    ByteBuffer bytes = flight.bytes;
    trace.add(
        Event.DELIVER, link.to(), link.from().value().hashCode(), bytes.remaining(), flight.frame);
    listener.process.accept(() -> listener.receiver.onFrame(link.from(), bytes.duplicate()));
  }

  private final class Endpoint implements Transport {

    private final NodeId self;
    private final Address address;
    private final Consumer<Runnable> outputs;
    private final Consumer<Runnable> process;
    private Map<NodeId, Address> peers = Map.of();

    private Endpoint(
        NodeId self, Address address, Consumer<Runnable> outputs, Consumer<Runnable> process) {
      this.self = self;
      this.address = address;
      this.outputs = outputs;
      this.process = process;
    }

    @Override
    public Address start(FrameReceiver receiver) {
      listeners.put(self, new Listener(address, receiver, outputs, process, this::names));
      return address;
    }

    private boolean names(NodeId peer) {
      return peers.containsKey(peer);
    }

    @Override
    public void setPeers(Map<NodeId, Address> now) {
      peers = now;
    }

    @Override
    public void send(NodeId to, Lane lane, ByteBuffer frame) {
      Optional<Address> address = Optional.ofNullable(peers.get(to));
      if (address.isPresent() || !addressed) {
        outputs.accept(() -> Network.this.send(self, to, address, lane, frame));
      }
    }

    @Override
    public void close() {
      listeners.remove(self);
    }
  }
}
