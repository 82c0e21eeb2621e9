package dev.quorate.raft.transport.grpc.net;

import dev.quorate.raft.api.Address;
import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.config.ConfigurationException;
import dev.quorate.raft.api.transport.FrameReceiver;
import dev.quorate.raft.api.transport.Lane;
import dev.quorate.raft.api.transport.Transport;
import dev.quorate.raft.api.transport.TransportContext;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** The transport: its life, and who its peers are. */
public final class GrpcTransport implements Transport {

  /** The headers of a call. */
  static final int MAX_METADATA_BYTES = 8 * 1024;

  private static final int MAX_CLUSTER_CHARS = 64;
  private static final long TICK_MILLIS = 100;
  private static final long CLOSE_PATIENCE_SECONDS = 5;

  private final TransportContext context;
  private final GrpcSettings settings;
  private final Logger logger;
  private final Resolver resolver;

  /** Changed only by who holds this object's monitor, or by the end. */
  private final Map<NodeId, Outbound> peers = new ConcurrentHashMap<>();

  // Guarded by this object's monitor.
  private Map<NodeId, Address> wanted = Map.of();
  private Running running;
  private boolean closed;

  /** What there is between start and close. */
  private record Running(Site site, EventLoopGroup loops, Dialler dialler, Server server) {}

  /**
   * A transport that has no socket yet.
   *
   * @param context what it serves
   * @param settings its settings
   * @param logger where it says what is wrong
   */
  public GrpcTransport(TransportContext context, GrpcSettings settings, Logger logger) {
    if (context.cluster().isEmpty() || context.cluster().length() > MAX_CLUSTER_CHARS) {
      throw new ConfigurationException(
          "'" + context.cluster() + "' is no cluster name: it takes 1 to 64 characters");
    }
    this.context = context;
    this.settings = settings;
    this.logger = logger;
    this.resolver = new Resolver("quorate-grpc-resolver-" + context.self());
  }

  @Override
  public synchronized Address start(FrameReceiver receiver) throws IOException {
    if (closed || running != null) {
      throw new IllegalStateException("the transport was started or closed before");
    }
    Address bind = context.bind();
    InetSocketAddress target = new InetSocketAddress(bind.host(), bind.port());
    if (target.isUnresolved()) {
      throw new IOException("cannot listen on " + bind + ": no address is known for this host");
    }
    EventLoopGroup loops =
        new MultiThreadIoEventLoopGroup(
            1,
            task -> {
              Thread thread = new Thread(task, "quorate-grpc-" + context.self());
              thread.setDaemon(true);
              return thread;
            },
            NioIoHandler.newFactory());
    EventLoop loop = loops.next();
    Complaints complaints = new Complaints(logger);
    Site site = new Site(context, settings, loop, complaints, receiver);
    Connections connections = new Connections(loop, settings, complaints);
    Service service = new Service(site, connections, this::arrived);
    Server server = server(target, loops, connections, service);
    try {
      server.start();
    } catch (IOException e) {
      loops.shutdownGracefully(0, 0, TimeUnit.SECONDS);
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new IOException("cannot listen on " + bind + ": " + cause.getMessage(), e);
    }
    running = new Running(site, loops, new Dialler(loops, settings), server);
    loop.scheduleAtFixedRate(() -> tick(service), TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
    dialWanted();
    return new Address(bind.host(), server.getPort());
  }

  private Server server(
      InetSocketAddress target, EventLoopGroup loops, Connections connections, Service service) {
    return NettyServerBuilder.forAddress(target)
        .bossEventLoopGroup(loops)
        .workerEventLoopGroup(loops)
        .channelFactory(connections::listener)
        .directExecutor()
        // A restarted node binds at once, although connections of its last life linger.
        .withOption(ChannelOption.SO_REUSEADDR, true)
        .withChildOption(ChannelOption.TCP_NODELAY, true)
        .withChildOption(ChannelOption.SO_KEEPALIVE, true)
        .flowControlWindow(settings.flowControlWindowBytes())
        .maxConcurrentCallsPerConnection(1)
        .maxInboundMessageSize(Pieces.MAX_BYTES)
        .maxInboundMetadataSize(MAX_METADATA_BYTES)
        .handshakeTimeout(settings.handshakeTimeout().toMillis(), TimeUnit.MILLISECONDS)
        .addService(service.definition())
        .build();
  }

  @Override
  public synchronized void setPeers(Map<NodeId, Address> newPeers) {
    wanted = Map.copyOf(newPeers);
    if (running != null && !closed) {
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
    Running ending;
    synchronized (this) {
      closed = true;
      ending = running;
    }
    if (ending == null) {
      return;
    }
    EventLoop loop = ending.site().loop();
    if (!loop.isShuttingDown()) {
      loop.execute(() -> release(ending));
    }
    if (loop.inEventLoop()) {
      // Called by the receiver: its own thread cannot wait for its end.
      return;
    }
    // Without the monitor: a receiver that the loop is in may itself call this transport.
    try {
      if (!ending.loops().awaitTermination(CLOSE_PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        logger.log(Level.WARNING, "A frame's receiver does not return; its thread is left behind");
      }
      resolver.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Ends everything; the event loop closes what is still open when it ends. */
  private void release(Running ending) {
    peers.values().forEach(Outbound::close);
    peers.clear();
    // First, because the server ends its calls at once, and nobody is to be told of them any more.
    ending.loops().shutdownGracefully(0, 1, TimeUnit.SECONDS);
    ending.server().shutdownNow();
  }

  /** Makes the connections those that are wanted. */
  private void dialWanted() {
    Site site = running.site();
    EventLoop loop = site.loop();
    for (Iterator<Map.Entry<NodeId, Outbound>> i = peers.entrySet().iterator(); i.hasNext(); ) {
      Map.Entry<NodeId, Outbound> entry = i.next();
      Outbound outbound = entry.getValue();
      if (!outbound.address().equals(wanted.get(entry.getKey()))) {
        i.remove();
        loop.execute(outbound::leave);
      }
    }
    Dialler dialler = running.dialler();
    wanted.forEach(
        (peer, address) -> {
          if (!peers.containsKey(peer)) {
            Outbound outbound = new Outbound(site, resolver, dialler, peer, address);
            peers.put(peer, outbound);
            loop.execute(() -> outbound.tick(System.nanoTime()));
          }
        });
  }

  private void tick(Service service) {
    long now = System.nanoTime();
    service.tick(now);
    peers.values().forEach(peer -> peer.tick(now));
  }

  private void arrived(NodeId peer) {
    Outbound outbound = peers.get(peer);
    if (outbound != null) {
      outbound.nudge();
    }
  }
}
