package dev.quorate.raft.transport.grpc.net;

import dev.quorate.raft.api.Address;
import dev.quorate.raft.api.config.ConfigurationException;
import dev.quorate.raft.api.transport.ClientContext;
import dev.quorate.raft.api.transport.ClientTransport;
import dev.quorate.raft.api.transport.Link;
import dev.quorate.raft.api.transport.LinkListener;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** A client's links, all on one event loop. */
public final class GrpcClientTransport implements ClientTransport {

  private static final String CLOSED = "the client is closed";
  private static final long TICK_MILLIS = 100;
  private static final long CLOSE_PATIENCE_SECONDS = 5;

  private final ClientContext context;
  private final GrpcSettings settings;
  private final Logger logger;
  private final Complaints complaints;
  private final Resolver resolver;
  private final EventLoopGroup loops;
  private final EventLoop loop;
  private final Dialler dialler;

  /** Only for the loop. */
  private final Set<Dialled> links = new LinkedHashSet<>();

  // Guarded by this object's monitor.
  private boolean started;
  private boolean closed;

  /**
   * A client's transport without a link.
   *
   * @param context what it serves
   * @param settings its settings
   * @param logger where it says what is wrong
   */
  public GrpcClientTransport(ClientContext context, GrpcSettings settings, Logger logger) {
    this.context = context;
    this.settings = settings;
    this.logger = logger;
    this.complaints = new Complaints(logger);
    this.resolver = new Resolver("quorate-grpc-resolver-" + context.name());
    this.loops =
        new MultiThreadIoEventLoopGroup(
            1,
            task -> {
              Thread thread = new Thread(task, "quorate-grpc-" + context.name());
              thread.setDaemon(true);
              return thread;
            },
            NioIoHandler.newFactory());
    this.loop = loops.next();
    this.dialler = new Dialler(loops, settings, Pieces.MAX_BYTES);
  }

  @Override
  public synchronized Link connect(Address address, LinkListener listener) {
    if (address.port() == 0) {
      throw new ConfigurationException("no node can be reached at " + address);
    }
    Dialled dialled =
        new Dialled(
            this::inLoop, context, settings, complaints, dialler, address, listener, links::remove);
    if (closed) {
      listener.onClosed(CLOSED);
      return dialled.link();
    }
    if (!started) {
      started = true;
      loop.scheduleAtFixedRate(this::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
    }
    inLoop(
        () -> {
          links.add(dialled);
          dialled.dial(resolver);
        });
    return dialled.link();
  }

  private void inLoop(Runnable task) {
    Site.inLoop(loop, task);
  }

  private void tick() {
    long now = System.nanoTime();
    List.copyOf(links).forEach(link -> link.tick(now));
  }

  @Override
  public void close() {
    synchronized (this) {
      closed = true;
    }
    if (!loop.isShuttingDown()) {
      inLoop(() -> List.copyOf(links).forEach(link -> link.shut(CLOSED)));
      loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }
    if (loop.inEventLoop()) {
      // Called by a listener: its own thread cannot wait for its end.
      return;
    }
    // Without the monitor: a listener that the loop is in may itself call this.
    try {
      if (!loops.awaitTermination(CLOSE_PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        logger.log(Level.WARNING, "A link's listener does not return; its thread is left behind");
      }
      resolver.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
