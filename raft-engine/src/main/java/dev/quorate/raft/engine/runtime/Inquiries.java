package dev.quorate.raft.engine.runtime;

import dev.quorate.raft.api.transport.ClientTransport;
import java.lang.System.Logger.Level;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Lends all groups of a host the one transport by which they ask, as clients do, who listens at an
 * address. It is there only while a group has it. For any thread.
 */
final class Inquiries {

  private static final System.Logger LOG = System.getLogger(Inquiries.class.getName());

  private final Supplier<ClientTransport> maker;
  private final Environment environment;

  // Guarded by this object's monitor.
  private Optional<ClientTransport> transport = Optional.empty();
  private int users;

  Inquiries(Supplier<ClientTransport> maker, Environment environment) {
    this.maker = maker;
    this.environment = environment;
  }

  synchronized ClientTransport borrow() {
    ClientTransport lent = transport.orElseGet(maker);
    transport = Optional.of(lent);
    users++;
    return lent;
  }

  /** The last one that gives it back ends it; that may take a while, for which nobody waits. */
  synchronized void giveBack() {
    users--;
    if (users == 0) {
      ClientTransport ending = transport.orElseThrow();
      transport = Optional.empty();
      environment.background().execute(() -> close(ending));
    }
  }

  private static void close(ClientTransport transport) {
    try {
      transport.close();
    } catch (RuntimeException e) {
      LOG.log(Level.WARNING, "closing the transport that asked for members failed", e);
    }
  }
}
