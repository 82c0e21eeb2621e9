package dev.quorate.raft.transport.tcp.net;

import dev.quorate.raft.api.Address;
import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.config.ConfigurationException;
import dev.quorate.raft.api.transport.FrameReceiver;
import dev.quorate.raft.api.transport.Lane;
import dev.quorate.raft.api.transport.Transport;
import dev.quorate.raft.api.transport.TransportContext;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The transport: its life, and who its peers are. */
public final class TcpTransport implements Transport {

  private static final int MAX_CLUSTER_CHARS = 64;

  private final TransportContext context;
  private final TcpSettings settings;
  private final Complaints complaints;
  private final Logger logger;
  private final Resolver resolver;

  /** Changed only by who holds this object's monitor, or by the loop's end. */
  private final Map<NodeId, Outbound> peers = new ConcurrentHashMap<>();

  // Guarded by this object's monitor.
  private Map<NodeId, Address> wanted = Map.of();
  private boolean closed;

  // Set once, by start, before the loop that reads them too.
  private volatile Site site;
  private volatile Listener listener;

  /**
   * A transport that has no socket yet.
   *
   * @param context what it serves
   * @param settings its settings
   * @param logger where it says what is wrong
   */
  public TcpTransport(TransportContext context, TcpSettings settings, Logger logger) {
    if (context.cluster().isEmpty() || context.cluster().length() > MAX_CLUSTER_CHARS) {
      throw new ConfigurationException(
          "'" + context.cluster() + "' is no cluster name: it takes 1 to 64 characters");
    }
    this.context = context;
    this.settings = settings;
    this.logger = logger;
    this.complaints = new Complaints(logger);
    this.resolver = new Resolver("quorate-tcp-resolver-" + context.self());
  }

  @Override
  public synchronized Address start(FrameReceiver receiver) throws IOException {
    if (closed || site != null) {
      throw new IllegalStateException("the transport was started or closed before");
    }
    EventLoop loop = new EventLoop("quorate-tcp-" + context.self(), this::tick, this::release);
    Site opened = new Site(context, settings, loop, complaints, receiver);
    try {
      listener = Listener.open(opened, this::arrived);
    } catch (IOException e) {
      loop.discard();
      throw e;
    }
    site = opened;
    loop.start();
    dialWanted();
    return listener.address();
  }

  @Override
  public synchronized void setPeers(Map<NodeId, Address> newPeers) {
    wanted = Map.copyOf(newPeers);
    if (site != null && !closed) {
      dialWanted();
    }
  }

  @Override
  public void send(NodeId to, Lane lane, ByteBuffer frame) {
    if (!frame.hasRemaining() || frame.remaining() > context.maxFrameBytes()) {
      throw new IllegalArgumentException(
          "a frame of "
              + frame.remaining()
              + " bytes; 1 to "
              + context.maxFrameBytes()
              + " can be sent");
    }
    Outbound peer = peers.get(to);
    if (peer != null) {
      peer.send(lane, frame);
    }
  }

  @Override
  public void close() {
    EventLoop loop;
    synchronized (this) {
      closed = true;
      loop = site == null ? null : site.loop();
    }
    // Without the monitor: a receiver that the loop is in may itself call this transport.
    try {
      if (loop != null && !loop.close()) {
        logger.log(Level.WARNING, "A frame's receiver does not return; its thread is left behind");
      }
      resolver.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Makes the connections those that are wanted. */
  private void dialWanted() {
    EventLoop loop = site.loop();
    for (Iterator<Map.Entry<NodeId, Outbound>> i = peers.entrySet().iterator(); i.hasNext(); ) {
      Map.Entry<NodeId, Outbound> entry = i.next();
      Outbound outbound = entry.getValue();
      if (!outbound.address().equals(wanted.get(entry.getKey()))) {
        i.remove();
        loop.execute(outbound::leave);
      }
    }
    wanted.forEach(
        (peer, address) -> {
          if (!peers.containsKey(peer)) {
            Outbound outbound = new Outbound(site, resolver, peer, address);
            peers.put(peer, outbound);
            loop.execute(() -> outbound.tick(System.nanoTime()));
          }
        });
  }

  private void tick(long now) {
    listener.tick(now);
    peers.values().forEach(peer -> peer.tick(now));
  }

  private void arrived(NodeId peer) {
    Outbound outbound = peers.get(peer);
    if (outbound != null) {
      outbound.nudge();
    }
  }

  /** The loop ended: nothing may be left open. */
  private void release() {
    peers.values().forEach(Outbound::close);
    peers.clear();
    try {
      listener.close();
    } catch (IOException e) {
      logger.log(Level.WARNING, "Closing the listener failed", e);
    }
  }
}
