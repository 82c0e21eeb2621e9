package dev.quorate.raft.transport.grpc.net;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The connections below the calls, of which there is a bounded number; gRPC itself has no such
 * bound. Strangers cannot lock peers out: where all places are taken, the newcomer gets that of the
 * oldest connection without a handshake. Only the event loop calls.
 */
final class Connections {

  /** How long a connection may linger after its call, to carry the call's last words. */
  private static final long LINGER_NANOS = 200_000_000;

  private final EventLoop loop;
  private final GrpcSettings settings;
  private final Complaints complaints;

  /** How many of them are clients', whose number is bounded by who serves them. */
  private int clients;

  /** All connections, oldest first. */
  private final Map<SocketAddress, Connection> open = new LinkedHashMap<>();

  Connections(EventLoop loop, GrpcSettings settings, Complaints complaints) {
    this.loop = loop;
    this.settings = settings;
    this.complaints = complaints;
  }

  /** The host of an address, without its port. */
  static String host(SocketAddress remote) {
    return remote instanceof InetSocketAddress inet
        ? inet.getAddress().getHostAddress()
        : String.valueOf(remote);
  }

  /** The channel that listens. */
  NioServerSocketChannel listener() {
    return new Listener(this);
  }

  /** The peer behind a connection has said who it is. */
  void greeted(SocketAddress remote) {
    Connection connection = open.get(remote);
    if (connection != null) {
      connection.greeted = true;
    }
  }

  /** A client is behind a connection: it takes no place from the nodes any more. */
  void greetedClient(SocketAddress remote) {
    Connection connection = open.get(remote);
    if (connection != null) {
      connection.greeted = true;
      connection.isClients = true;
      clients++;
    }
  }

  /** It was said what is wrong with a connection, so that its end needs no line. */
  void explained(SocketAddress remote) {
    Connection connection = open.get(remote);
    if (connection != null) {
      connection.explained = true;
    }
  }

  /** A connection's only call ended. */
  void endSoon(SocketAddress remote) {
    Connection connection = open.get(remote);
    if (connection != null) {
      connection.deadline = System.nanoTime() + LINGER_NANOS;
      connection.ending = true;
    }
  }

  void tick(long now) {
    for (Connection connection : List.copyOf(open.values())) {
      if ((connection.ending || !connection.greeted) && now - connection.deadline >= 0) {
        connection.close();
      }
    }
  }

  private boolean admit(Channel channel) {
    SocketAddress remote = channel.remoteAddress();
    if (remote == null) {
      // Reset before it was looked at.
      return false;
    }
    if (open.size() - clients >= settings.maxInbound() && !dropOldestStranger()) {
      complaints.say(
          Level.WARNING,
          "full",
          "Refusing connections: there are " + (open.size() - clients) + " already");
      return false;
    }
    Connection connection = new Connection(channel, remote);
    // A call that is opened has a deadline of its own, which comes first and says more.
    connection.deadline = System.nanoTime() + 2 * settings.handshakeTimeout().toNanos();
    open.put(remote, connection);
    Windows windows = new Windows(settings.flowControlWindowBytes());
    channel
        .pipeline()
        .addFirst(
            windows, new CallGuard(new CallRules(windows), what -> malformed(connection, what)));
    channel.closeFuture().addListener(closed -> gone(remote, connection));
    return true;
  }

  private void malformed(Connection connection, String what) {
    connection.explained = true;
    String host = host(connection.remote);
    complaints.say(Level.WARNING, host + "/malformed", "Connection from " + host + " sent " + what);
  }

  private boolean dropOldestStranger() {
    for (Connection connection : open.values()) {
      if (!connection.greeted) {
        open.remove(connection.remote);
        // Later: it may have been accepted together with the newcomer, and not be registered yet.
        loop.execute(connection::close);
        return true;
      }
    }
    return false;
  }

  private void gone(SocketAddress remote, Connection connection) {
    if (open.remove(remote, connection) && connection.isClients) {
      clients--;
    }
    if (!connection.greeted && !connection.explained) {
      complaints.say(
          Level.WARNING,
          host(remote) + "/no-call",
          "Connection from " + host(remote) + " ended without a handshake");
    }
  }

  private static final class Connection {
    private final Channel channel;
    private final SocketAddress remote;
    private boolean greeted;
    private boolean isClients;
    private boolean explained;
    private boolean ending;
    private long deadline;

    Connection(Channel channel, SocketAddress remote) {
      this.channel = channel;
      this.remote = remote;
    }

    /** Not by gRPC's handler, which would wait half a minute for the stranger's end of a call. */
    void close() {
      ChannelHandlerContext guard = channel.pipeline().firstContext();
      if (guard == null) {
        channel.close();
      } else {
        guard.close();
      }
    }
  }

  /** A listening channel that asks before it hands a connection on. */
  private static final class Listener extends NioServerSocketChannel {
    private final Connections connections;

    Listener(Connections connections) {
      this.connections = connections;
    }

    @Override
    protected int doReadMessages(List<Object> accepted) throws Exception {
      List<Object> candidates = new ArrayList<>();
      int count = super.doReadMessages(candidates);
      for (Object candidate : candidates) {
        if (candidate instanceof Channel channel && !connections.admit(channel)) {
          channel.unsafe().closeForcibly();
        } else {
          accepted.add(candidate);
        }
      }
      return count;
    }
  }
}
