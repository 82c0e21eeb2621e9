package dev.quorate.raft.transport.tcp.net;

import dev.quorate.raft.api.Address;
import dev.quorate.raft.api.NodeId;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.UnsupportedAddressTypeException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Accepts connections and keeps a bounded number of them. Strangers cannot lock peers out: where
 * all places are taken, the newcomer gets that of the oldest connection without a handshake. Except
 * for {@link #open} only the event loop calls.
 */
final class Listener implements EventLoop.Handler {

  private static final int BACKLOG = 128;

  private final Site site;
  private final Consumer<NodeId> onArrival;
  private final ServerSocketChannel channel;
  private final Address address;

  /** All connections, oldest first. */
  private final Set<Inbound> connections = new LinkedHashSet<>();

  /** Those of clients, whose number is bounded by who serves them. */
  private final Set<Inbound> clients = new LinkedHashSet<>();

  private final Map<NodeId, Inbound> byPeer = new HashMap<>();
  private SelectionKey key;

  private Listener(Site site, Consumer<NodeId> onArrival, ServerSocketChannel channel)
      throws IOException {
    this.site = site;
    this.onArrival = onArrival;
    this.channel = channel;
    this.address =
        new Address(
            site.context().bind().host(),
            ((InetSocketAddress) channel.getLocalAddress()).getPort());
  }

  /**
   * Binds the context's address. The loop does not run yet.
   *
   * @param onArrival told of each peer whose handshake was accepted
   */
  static Listener open(Site site, Consumer<NodeId> onArrival) throws IOException {
    Address bind = site.context().bind();
    InetSocketAddress target = new InetSocketAddress(bind.host(), bind.port());
    if (target.isUnresolved()) {
      throw new IOException("cannot listen on " + bind + ": no address is known for this host");
    }
    ServerSocketChannel channel = ServerSocketChannel.open();
    try {
      // A restarted node binds at once, although connections of its last life linger.
      channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
      channel.bind(target, BACKLOG);
      Listener listener = new Listener(site, onArrival, channel);
      listener.key = site.loop().register(channel, SelectionKey.OP_ACCEPT, listener);
      return listener;
    } catch (IOException | UnsupportedAddressTypeException e) {
      channel.close();
      throw new IOException("cannot listen on " + bind + ": " + e.getMessage(), e);
    }
  }

  /** Where the listener listens, with the port that was chosen if it was asked to. */
  Address address() {
    return address;
  }

  @Override
  public void ready(SelectionKey ready) {
    try {
      for (SocketChannel peer = channel.accept(); peer != null; peer = channel.accept()) {
        admit(peer);
      }
    } catch (IOException e) {
      // Out of descriptors, say. The connection stays in the backlog: trying again at once would
      // spin.
      key.interestOps(0);
      site.complaints().say(Level.WARNING, "accept", "Cannot accept connections: " + e);
    }
  }

  void tick(long now) {
    key.interestOps(SelectionKey.OP_ACCEPT);
    List.copyOf(connections).forEach(connection -> connection.tick(now));
    List.copyOf(clients).forEach(client -> client.tick(now));
  }

  /**
   * A connection's handshake was accepted. The peer's older connection is half-open, or its past.
   */
  void welcome(Inbound connection) {
    Inbound older = byPeer.put(connection.from(), connection);
    if (older != null) {
      older.lose("the peer has a newer one");
    }
    onArrival.accept(connection.from());
  }

  /** A client's handshake was accepted: it takes no place from the nodes any more. */
  void welcomeClient(Inbound connection) {
    connections.remove(connection);
    clients.add(connection);
  }

  void forget(Inbound connection) {
    connections.remove(connection);
    clients.remove(connection);
    if (connection.from() != null) {
      byPeer.remove(connection.from(), connection);
    }
  }

  void close() throws IOException {
    channel.close();
    new ArrayList<>(connections).forEach(Inbound::close);
    new ArrayList<>(clients).forEach(Inbound::close);
  }

  private void admit(SocketChannel peer) throws IOException {
    if (connections.size() >= site.settings().maxInbound() && !dropOldestStranger()) {
      site.complaints()
          .say(
              Level.WARNING,
              "full",
              "Refusing connections: there are " + connections.size() + " of peers already");
      peer.close();
      return;
    }
    try {
      peer.setOption(StandardSocketOptions.TCP_NODELAY, true);
      peer.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
      connections.add(new Inbound(site, this, peer));
    } catch (IOException e) {
      // Reset before it was looked at.
      peer.close();
    }
  }

  private boolean dropOldestStranger() {
    for (Inbound connection : connections) {
      if (connection.from() == null) {
        connection.close();
        return true;
      }
    }
    return false;
  }
}
