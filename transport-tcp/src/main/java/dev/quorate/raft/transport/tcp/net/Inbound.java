package dev.quorate.raft.transport.tcp.net;

import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.transport.tcp.wire.Answer;
import dev.quorate.raft.transport.tcp.wire.Frame;
import dev.quorate.raft.transport.tcp.wire.FrameDecoder;
import dev.quorate.raft.transport.tcp.wire.FrameKind;
import dev.quorate.raft.transport.tcp.wire.GreetingDecoder;
import dev.quorate.raft.transport.tcp.wire.Hello;
import dev.quorate.raft.transport.tcp.wire.Verdict;
import dev.quorate.raft.transport.tcp.wire.Versions;
import dev.quorate.raft.transport.tcp.wire.WireException;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.time.Duration;

/**
 * A connection that came in: first a stranger with a deadline and a few hundred bytes of credit,
 * and after its handshake the frames of one peer. Only the event loop calls.
 */
final class Inbound implements EventLoop.Handler {

  /** A living dialler sends a keep-alive every second at least. */
  private static final long IDLE_NANOS = Duration.ofSeconds(10).toNanos();

  private final Site site;
  private final Listener listener;
  private final SocketChannel channel;
  private final SelectionKey key;
  private final String place;
  private final long acceptedAt = System.nanoTime();
  private final GreetingDecoder greeting = GreetingDecoder.ofHello();

  /** The peer and its frames; both null until the handshake is done. */
  private NodeId from;

  private FrameDecoder frames;
  private int version;

  /** The link, if it is a client that dialled; null otherwise. */
  private LinkEnd link;

  private long lastArrival = acceptedAt;
  private long arrivedBytes;
  private long acknowledgedBytes;
  private ByteBuffer unsent = ByteBuffer.allocate(0);

  Inbound(Site site, Listener listener, SocketChannel channel) throws IOException {
    this.site = site;
    this.listener = listener;
    this.channel = channel;
    this.place = ((InetSocketAddress) channel.getRemoteAddress()).getAddress().getHostAddress();
    this.key = site.loop().register(channel, SelectionKey.OP_READ, this);
  }

  /** The peer, or null before the handshake. */
  NodeId from() {
    return from;
  }

  @Override
  public void ready(SelectionKey ready) {
    try {
      if (ready.isWritable() && link != null) {
        link.writable();
      } else if (ready.isWritable()) {
        write(unsent);
      }
      if (ready.isReadable()) {
        read();
      }
    } catch (WireException e) {
      refuse("malformed", "sent " + e.getMessage());
    } catch (IOException e) {
      lose(String.valueOf(e.getMessage()));
    }
  }

  void tick(long now) {
    if (link != null) {
      try {
        link.tick(now);
      } catch (IOException e) {
        lose(e.getMessage());
      }
    } else if (from == null) {
      if (now - acceptedAt >= site.settings().handshakeTimeout().toNanos()) {
        refuse("silent", "did not finish its handshake");
      }
    } else if (now - lastArrival >= IDLE_NANOS) {
      lose("nothing came for long");
    } else if (arrivedBytes != acknowledgedBytes && !unsent.hasRemaining()) {
      acknowledge();
    }
  }

  void close() {
    close("this node closed it");
  }

  /** It has ended, or is of no use any more: what was on it may not have come. */
  void lose(String reason) {
    close(reason);
    if (from != null) {
      site.tell(from, "its connection is lost", receiver -> receiver.onConnectionLost(from));
    }
  }

  private void close(String reason) {
    listener.forget(this);
    try {
      channel.close();
    } catch (IOException e) {
      // The descriptor is gone either way, and nothing is left that could be done about it.
      site.complaints().say(Level.DEBUG, "close/" + place, "Closing failed: " + e);
    }
    if (link != null) {
      link.ended(reason);
    }
  }

  private void read() throws IOException {
    ByteBuffer in = site.loop().readBuffer();
    if (channel.read(in) < 0) {
      lose("the other end closed it");
      return;
    }
    in.flip();
    lastArrival = System.nanoTime();
    if (from == null && link == null) {
      greet(in);
    }
    if (link != null) {
      link.arrived(in);
    } else if (from != null) {
      arrivedBytes += in.remaining();
      deliver(in);
    }
  }

  private void greet(ByteBuffer in) throws IOException {
    ByteBuffer body = greeting.next(in);
    if (body == null) {
      return;
    }
    Hello hello = Hello.decode(body);
    Answer answer = judge(hello);
    if (answer.verdict() != Verdict.ACCEPTED) {
      write(answer.encode());
      refuse(answer.verdict().name(), "is refused, " + describe(hello) + ": " + answer.text());
      return;
    }
    if (hello.isClients()) {
      welcomeClient(answer);
      return;
    }
    try {
      from = NodeId.of(hello.from());
    } catch (IllegalArgumentException e) {
      throw new WireException("a handshake from an impossible node: " + e.getMessage());
    }
    version = answer.version();
    frames = new FrameDecoder(version, site.context().maxFrameBytes());
    write(answer.encode());
    listener.welcome(this);
  }

  private void welcomeClient(Answer answer) throws IOException {
    LinkEnd opened =
        new LinkEnd(
            site.loop(),
            site.settings(),
            site.complaints(),
            channel.getRemoteAddress().toString(),
            site.context().maxFrameBytes(),
            Duration.ofNanos(IDLE_NANOS),
            this::close);
    write(answer.encode());
    if (unsent.hasRemaining()) {
      throw new IOException("the handshake does not fit into a new socket's buffer");
    }
    opened.up(channel, key, answer.version());
    link = opened;
    listener.welcomeClient(this);
    opened.tell(
        () -> site.receiver().onClient(opened).ifPresentOrElse(opened::listener, opened::close));
  }

  private Answer judge(Hello hello) {
    String cluster = site.context().cluster();
    String self = site.context().self().value();
    int common = Versions.common(hello.minVersion(), hello.maxVersion());
    if (common == 0) {
      return Answer.refuse(
          Verdict.OTHER_VERSION,
          "versions " + Versions.MIN + " to " + Versions.MAX + " are spoken here");
    }
    if (!hello.cluster().equals(cluster)) {
      return Answer.refuse(Verdict.OTHER_CLUSTER, "this is cluster '" + cluster + "'");
    }
    if (!hello.isClients() && (!hello.to().equals(self) || hello.from().equals(self))) {
      return Answer.refuse(Verdict.OTHER_NODE, "this is node '" + self + "'");
    }
    return Answer.accept(common);
  }

  private static String describe(Hello hello) {
    return "it said versions "
        + hello.minVersion()
        + " to "
        + hello.maxVersion()
        + ", cluster '"
        + hello.cluster()
        + "', node '"
        + hello.from()
        + "' for '"
        + hello.to()
        + "'";
  }

  private void deliver(ByteBuffer in) throws IOException {
    for (Frame frame = frames.next(in); frame != null; frame = frames.next(in)) {
      if (frame.kind() == FrameKind.ACK
          || (frame.kind() == FrameKind.DATA) != frame.payload().hasRemaining()) {
        throw new WireException(
            "a frame of kind "
                + frame.kind()
                + " with "
                + frame.payload().remaining()
                + " bytes, which no dialler sends");
      }
      if (frame.kind() == FrameKind.DATA) {
        deliver(frame);
      }
    }
  }

  private void deliver(Frame frame) {
    try {
      site.receiver().onFrame(from, frame.payload());
    } catch (RuntimeException | Error e) {
      // A fault of the layer above with one frame must not end what carries all others. An error,
      // too: the receiver knows what it must end for, and a node that hears nothing is no cure.
      site.complaints()
          .say(Level.ERROR, "receiver/" + from, "A frame of " + from + " failed: " + e);
    }
  }

  private void acknowledge() {
    ByteBuffer payload = ByteBuffer.allocate(Long.BYTES).putLong(0, arrivedBytes);
    ByteBuffer out = ByteBuffer.allocate(Frame.HEADER_BYTES + Long.BYTES);
    Frame.putHeader(out, version, FrameKind.ACK, payload);
    acknowledgedBytes = arrivedBytes;
    try {
      write(out.put(payload).flip());
    } catch (IOException e) {
      close();
    }
  }

  private void write(ByteBuffer out) throws IOException {
    channel.write(out);
    unsent = out;
    if (out.hasRemaining()) {
      key.interestOpsOr(SelectionKey.OP_WRITE);
    } else {
      key.interestOpsAnd(~SelectionKey.OP_WRITE);
    }
  }

  private void refuse(String kind, String what) {
    String who = from == null ? place : from + " at " + place;
    site.complaints().say(Level.WARNING, place + "/" + kind, "Connection from " + who + " " + what);
    lose("this node closed it");
  }
}
