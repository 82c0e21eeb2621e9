package dev.quorate.raft.api.transport;

import dev.quorate.raft.api.config.ConfigurationException;
import dev.quorate.raft.api.config.Settings;

/** Makes transports of one kind. */
public interface TransportProvider {

  /**
   * The short name by which configuration asks for this kind, as in {@code raft.transport=tcp}.
   *
   * @return lower-case letters and digits; always the same
   */
  String name();

  /**
   * Says what {@link #create} would find wrong in the settings, and does nothing else. One that
   * does not implement it finds nothing wrong before it is asked for a transport.
   *
   * @param settings all settings of a node
   * @throws dev.quorate.raft.api.config.ConfigurationException if a key is unknown or ill-valued;
   *     the message names the key
   */
  default void check(Settings settings) {}

  /**
   * Makes a transport, without opening any socket or starting any thread yet. Reads the keys that
   * begin with {@code raft.transport.<name>.} and refuses unknown ones; other keys are none of its
   * business.
   *
   * @param context what the transport serves
   * @return the transport
   * @throws dev.quorate.raft.api.config.ConfigurationException if a key is unknown or ill-valued;
   *     the message names the key
   */
  Transport create(TransportContext context);

  /**
   * Makes what a client outside the cluster reaches nodes with that use this transport; so does a
   * node that is to join by the address of a member alone, to ask who that is. Opens no socket and
   * starts no thread yet. Optional: by default a transport serves no clients.
   *
   * @param context what it serves
   * @return the client's transport
   * @throws ConfigurationException if this transport serves no clients, or a key is unknown or
   *     ill-valued; the message says so
   */
  default ClientTransport client(ClientContext context) {
    throw new ConfigurationException(
        "transport '" + name() + "' serves no clients outside the cluster");
  }
}
