package dev.quorate.raft.testkit.contract;

import dev.quorate.raft.api.Address;
import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.transport.FrameReceiver;
import dev.quorate.raft.api.transport.Lane;
import dev.quorate.raft.api.transport.Transport;
import dev.quorate.raft.api.transport.TransportContext;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * A transport as a third party could write it from the Javadoc alone: it reaches the nodes of this
 * process, with a thread for each peer.
 */
final class MemoryTransport implements Transport {

  private static final Map<Address, MemoryTransport> LISTENING = new ConcurrentHashMap<>();
  private static final AtomicInteger NEXT_PORT = new AtomicInteger(40_000);
  private static final long PATIENCE_MILLIS = 3_000;

  private final TransportContext context;
  private final long maxBytesPerLane;
  private final Map<NodeId, Link> links = new ConcurrentHashMap<>();
  private final List<Link> ended = new ArrayList<>();
  private final ReentrantReadWriteLock deliveries = new ReentrantReadWriteLock();
  private Map<NodeId, Address> wanted = Map.of();
  private Address address;
  private volatile FrameReceiver receiver;
  private volatile boolean closed;

  MemoryTransport(TransportContext context, long maxBytesPerLane) {
    this.context = context;
    this.maxBytesPerLane = maxBytesPerLane;
  }

  @Override
  public synchronized Address start(FrameReceiver itsReceiver) throws IOException {
    if (closed || receiver != null) {
      throw new IllegalStateException("started or closed before");
    }
    Address bind = context.bind();
    Address wish = bind.port() != 0 ? bind : new Address(bind.host(), NEXT_PORT.getAndIncrement());
    receiver = itsReceiver;
    if (LISTENING.putIfAbsent(wish, this) != null) {
      closed = true;
      throw new IOException(wish + " is in use");
    }
    address = wish;
    linkUp();
    return wish;
  }

  @Override
  public synchronized void setPeers(Map<NodeId, Address> peers) {
    wanted = Map.copyOf(peers);
    if (address != null && !closed) {
      linkUp();
    }
  }

  private void linkUp() {
    for (Link link : List.copyOf(links.values())) {
      if (!link.at.equals(wanted.get(link.to))) {
        links.remove(link.to);
        link.end();
        ended.add(link);
      }
    }
    wanted.forEach((to, at) -> links.computeIfAbsent(to, absent -> new Link(to, at)));
  }

  @Override
  public void send(NodeId to, Lane lane, ByteBuffer frame) {
    if (!frame.hasRemaining() || frame.remaining() > context.maxFrameBytes()) {
      throw new IllegalArgumentException("a frame of " + frame.remaining() + " bytes");
    }
    Link link = links.get(to);
    if (link != null) {
      link.offer(lane, frame.slice().asReadOnlyBuffer());
    }
  }

  @Override
  public void close() {
    List<Link> ending;
    synchronized (this) {
      closed = true;
      if (address != null) {
        LISTENING.remove(address, this);
      }
      ended.addAll(links.values());
      links.clear();
      ending = List.copyOf(ended);
    }
    ending.forEach(Link::end);
    try {
      for (Link link : ending) {
        link.thread.join(PATIENCE_MILLIS);
      }
      // Waits for deliveries under way, unless this is one.
      if (deliveries.getReadHoldCount() == 0
          && deliveries.writeLock().tryLock(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)) {
        deliveries.writeLock().unlock();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The handshake, made anew for each frame, and the delivery. */
  private void accept(TransportContext from, NodeId to, ByteBuffer frame) {
    deliveries.readLock().lock();
    try {
      if (!closed && from.cluster().equals(context.cluster()) && to.equals(context.self())) {
        receiver.onFrame(from.self(), frame);
      }
    } catch (RuntimeException | Error e) {
      System.getLogger("memory").log(System.Logger.Level.DEBUG, "A receiver failed", e);
    } finally {
      deliveries.readLock().unlock();
    }
  }

  /** What waits for one peer, and the thread that carries it there. */
  private final class Link {
    private final NodeId to;
    private final Address at;
    private final Thread thread;
    private final Map<Lane, Queue<ByteBuffer>> waiting =
        Map.of(Lane.CONTROL, new ArrayDeque<>(), Lane.BULK, new ArrayDeque<>());
    private final long[] bytes = new long[Lane.values().length];
    private boolean over;

    Link(NodeId to, Address at) {
      this.to = to;
      this.at = at;
      thread = new Thread(this::carry, "memory-" + context.self() + "-" + to);
      thread.setDaemon(true);
      thread.start();
    }

    synchronized void offer(Lane lane, ByteBuffer frame) {
      if (bytes[lane.ordinal()] + frame.remaining() <= maxBytesPerLane) {
        bytes[lane.ordinal()] += frame.remaining();
        waiting.get(lane).add(frame);
        notifyAll();
      }
    }

    private synchronized ByteBuffer take() throws InterruptedException {
      while (!over) {
        for (Lane lane : Lane.values()) {
          ByteBuffer frame = waiting.get(lane).poll();
          if (frame != null) {
            bytes[lane.ordinal()] -= frame.remaining();
            return frame;
          }
        }
        wait();
      }
      throw new InterruptedException("the link is over");
    }

    private void carry() {
      try {
        while (true) {
          ByteBuffer frame = take();
          MemoryTransport peer = LISTENING.get(at);
          if (peer != null) {
            peer.accept(context, to, frame);
          }
        }
      } catch (InterruptedException e) {
        // The end.
        return;
      }
    }

    synchronized void end() {
      over = true;
      thread.interrupt();
    }
  }
}
