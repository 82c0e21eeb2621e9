package dev.quorate.raft.transport.tcp.net;

import dev.quorate.raft.api.Address;
import dev.quorate.raft.api.config.ConfigurationException;
import dev.quorate.raft.api.transport.ClientContext;
import dev.quorate.raft.api.transport.ClientTransport;
import dev.quorate.raft.api.transport.Link;
import dev.quorate.raft.api.transport.LinkListener;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** A client's links, all on one event loop. */
public final class TcpClientTransport implements ClientTransport {

  private static final String CLOSED = "the client is closed";

  private final ClientContext context;
  private final TcpSettings settings;
  private final Logger logger;
  private final Complaints complaints;
  private final Resolver resolver;
  private final EventLoop loop;

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
  public TcpClientTransport(ClientContext context, TcpSettings settings, Logger logger) {
    this.context = context;
    this.settings = settings;
    this.logger = logger;
    this.complaints = new Complaints(logger);
    this.resolver = new Resolver("quorate-tcp-resolver-" + context.name());
    try {
      this.loop = new EventLoop("quorate-tcp-" + context.name(), this::tick, this::release);
    } catch (IOException e) {
      throw new UncheckedIOException("the system gives no selector", e);
    }
  }

  @Override
  public synchronized Link connect(Address address, LinkListener listener) {
    if (address.port() == 0) {
      throw new ConfigurationException("no node can be reached at " + address);
    }
    Dialled dialled =
        new Dialled(loop, context, settings, complaints, address, listener, links::remove);
    if (!started && !closed) {
      started = true;
      loop.start();
    }
    if (closed) {
      listener.onClosed(CLOSED);
    } else {
      loop.execute(
          () -> {
            links.add(dialled);
            dialled.dial(resolver);
          });
    }
    return dialled.link();
  }

  private void tick(long now) {
    List.copyOf(links).forEach(link -> link.tick(now));
  }

  private void release() {
    List.copyOf(links).forEach(link -> link.shut(CLOSED));
  }

  @Override
  public void close() {
    boolean running;
    synchronized (this) {
      closed = true;
      running = started;
    }
    // Without the monitor: a listener that the loop is in may itself call this.
    try {
      if (!running) {
        loop.discard();
      } else if (!loop.close()) {
        logger.log(Level.WARNING, "A link's listener does not return; its thread is left behind");
      }
      resolver.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      logger.log(Level.WARNING, "Closing the selector failed", e);
    }
  }
}
