package dev.quorate.raft.api.transport;

import dev.quorate.raft.api.Address;

/**
 * Opens links to nodes for a client outside the cluster. It listens nowhere. Methods may be called
 * by any thread.
 */
public interface ClientTransport extends AutoCloseable {

  /**
   * Opens a link to whichever node of the cluster listens at an address, once: a link that ends is
   * not opened again. Returns at once. A node that is silent for longer than a living one ever is
   * ends the link, too.
   *
   * @param address where to connect to
   * @param listener hears of the link
   * @return the link, which is not open yet
   */
  Link connect(Address address, LinkListener listener);

  /**
   * Ends all links and all threads. Returns when no listener is going to be called any more; to a
   * listener that calls it, before that. Idempotent.
   */
  @Override
  void close();
}
