package dev.quorate.raft.transport.tcp.net;

import dev.quorate.raft.api.Address;
import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.transport.Lane;
import dev.quorate.raft.transport.tcp.wire.Answer;
import dev.quorate.raft.transport.tcp.wire.Frame;
import dev.quorate.raft.transport.tcp.wire.FrameDecoder;
import dev.quorate.raft.transport.tcp.wire.FrameKind;
import dev.quorate.raft.transport.tcp.wire.GreetingDecoder;
import dev.quorate.raft.transport.tcp.wire.Hello;
import dev.quorate.raft.transport.tcp.wire.Verdict;
import dev.quorate.raft.transport.tcp.wire.WireException;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.channels.UnsupportedAddressTypeException;
import java.time.Duration;
import java.util.Optional;

/**
 * The connection to one peer at one address, made again and again for as long as the peer is named.
 *
 * <pre>
 *   WAITING ─► RESOLVING ─► CONNECTING ─► GREETING ─► UP
 *      ▲           │             │            │        │
 *      └───────────┴─────────────┴────────────┴────────┘   any failure, with a growing pause
 * </pre>
 *
 * <p>CLOSED is reached from everywhere and never left. Only the event loop calls, except for {@link
 * #send}.
 */
final class Outbound implements EventLoop.Handler {

  private enum State {
    WAITING,
    RESOLVING,
    CONNECTING,
    GREETING,
    UP,
    CLOSED
  }

  /** The least time between two attempts that the peer's own connections bring about. */
  private static final long NUDGE_NANOS = Duration.ofMillis(50).toNanos();

  private static final long KEEP_ALIVE_MAX_NANOS = Duration.ofSeconds(1).toNanos();

  private final Site site;
  private final Resolver resolver;
  private final NodeId peer;
  private final Address address;
  private final SendPath path;
  private final Backoff backoff;
  private final long stallNanos;
  private final long keepAliveNanos;

  private State state = State.WAITING;
  private int attempt;
  private long attemptAt;

  /** The end of the pause in WAITING, of the patience in CONNECTING and GREETING. */
  private long deadline = System.nanoTime();

  /** Where the peer was until a moment ago, for the attempt that tells whether it still is. */
  private Optional<InetSocketAddress> justLost = Optional.empty();

  // Of the present attempt.
  private InetSocketAddress target;
  private SocketChannel channel;
  private SelectionKey key;
  private GreetingDecoder greeting;
  private FrameDecoder frames;

  // While UP.
  private long upSince;
  private long acknowledgedBytes;
  private long progressAt;
  private long seenWrittenBytes;
  private long quietSince;

  Outbound(Site site, Resolver resolver, NodeId peer, Address address) {
    this.site = site;
    this.resolver = resolver;
    this.peer = peer;
    this.address = address;
    this.path = new SendPath(site.loop(), site.settings().sendQueueBytes(), this::brokenInSender);
    this.backoff = new Backoff(site.settings().backoffMax());
    this.stallNanos = site.settings().stallTimeout().toNanos();
    this.keepAliveNanos = Math.min(stallNanos / 3, KEEP_ALIVE_MAX_NANOS);
  }

  Address address() {
    return address;
  }

  /** Sends a frame, soon or not at all. Any thread may call. */
  void send(Lane lane, ByteBuffer frame) {
    path.send(lane, frame);
  }

  private void dial() {
    attemptAt = System.nanoTime();
    attempt++;
    int thisAttempt = attempt;
    if (justLost.isPresent()) {
      // Not another address of the same name, which nobody may ever have listened at.
      connectOrFail(justLost.get());
      return;
    }
    state = State.RESOLVING;
    path.open();
    resolver.resolve(
        address.host(), found -> site.loop().execute(() -> resolved(thisAttempt, found)));
  }

  /**
   * The peer has just reached us, so it can probably be reached: a pause, or an attempt that began
   * before the peer was there and waits for a retransmission, is cut short.
   */
  void nudge() {
    long now = System.nanoTime();
    if (state == State.CONNECTING && now - attemptAt >= NUDGE_NANOS) {
      abandon();
      state = State.WAITING;
    }
    if (state == State.WAITING) {
      backoff.reset();
      deadline = Math.max(now, attemptAt + NUDGE_NANOS);
      site.loop().tickAt(deadline);
    }
  }

  void tick(long now) {
    switch (state) {
      case WAITING -> {
        if (now - deadline >= 0) {
          dial();
        } else {
          site.loop().tickAt(deadline);
        }
      }
      case RESOLVING -> {
        if (now - attemptAt >= site.settings().connectTimeout().toNanos()) {
          // The lookup cannot be hurried; what waits for it gets stale.
          path.close();
        }
      }
      case CONNECTING, GREETING -> {
        if (now - deadline >= 0) {
          fail(state == State.CONNECTING ? "no connection in time" : "no answer to the handshake");
        }
      }
      case UP -> watch(now);
      default -> {
        // CLOSED has nothing to wait for.
      }
    }
  }

  void close() {
    abandon();
    state = State.CLOSED;
  }

  /** The peer is to be found elsewhere, or nowhere: what was on its way there may be lost. */
  void leave() {
    boolean lost = state == State.UP;
    close();
    if (lost) {
      tellOfLoss();
    }
  }

  private void tellOfLoss() {
    site.tell(peer, "its connection is lost", receiver -> receiver.onConnectionLost(peer));
  }

  @Override
  public void ready(SelectionKey ready) {
    try {
      if (ready.isConnectable()) {
        channel.finishConnect();
        greet();
      } else if (ready.isReadable()) {
        read();
      }
      if (state == State.UP && ready.isWritable()) {
        path.resume();
      }
    } catch (ConnectException e) {
      refused(e);
    } catch (IOException e) {
      fail(e.getMessage());
    }
  }

  private void resolved(int ofAttempt, InetAddress[] found) {
    if (state != State.RESOLVING || ofAttempt != attempt) {
      return;
    }
    if (found.length == 0) {
      fail("no address is known for this host");
      return;
    }
    // A name with several addresses gets each its turn: a listener may be on one of them only.
    connectOrFail(new InetSocketAddress(found[(attempt - 1) % found.length], address.port()));
  }

  private void connectOrFail(InetSocketAddress newTarget) {
    target = newTarget;
    try {
      connect();
    } catch (ConnectException e) {
      refused(e);
    } catch (IOException | UnsupportedAddressTypeException e) {
      fail(e.toString());
    }
  }

  /**
   * The system's own patience is longer than ours, so that what it ends is ended by the other side.
   */
  private void refused(ConnectException e) {
    boolean gone = justLost.isPresent();
    fail(e.getMessage());
    if (gone) {
      site.tell(peer, "it is gone", receiver -> receiver.onPeerGone(peer));
    }
  }

  private void connect() throws IOException {
    state = State.CONNECTING;
    path.open();
    deadline = System.nanoTime() + site.settings().connectTimeout().toNanos();
    channel = SocketChannel.open();
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
    // Without a bound the system buffers megabytes, and a heartbeat waits behind all of them.
    channel.setOption(StandardSocketOptions.SO_SNDBUF, site.settings().socketSendBufferBytes());
    key = site.loop().register(channel, SelectionKey.OP_CONNECT, this);
    if (channel.connect(target)) {
      greet();
    }
  }

  private void greet() throws IOException {
    if (channel.getLocalAddress().equals(channel.getRemoteAddress())) {
      // TCP connects a socket to itself where a dead listener's port is chosen as one's own.
      throw new IOException("nobody listens there");
    }
    state = State.GREETING;
    deadline = System.nanoTime() + stallNanos;
    greeting = GreetingDecoder.ofAnswer();
    key.interestOps(SelectionKey.OP_READ);
    ByteBuffer hello =
        Hello.of(site.context().cluster(), site.context().self().value(), peer.value()).encode();
    channel.write(hello);
    if (hello.hasRemaining()) {
      throw new IOException("the handshake does not fit into a new socket's buffer");
    }
  }

  private void read() throws IOException {
    ByteBuffer in = site.loop().readBuffer();
    if (channel.read(in) < 0) {
      throw new IOException("the other end closed the connection");
    }
    in.flip();
    if (state == State.GREETING) {
      answered(in);
    }
    if (state == State.UP) {
      acknowledged(in);
    }
  }

  private void answered(ByteBuffer in) throws IOException {
    ByteBuffer body = greeting.next(in);
    if (body == null) {
      return;
    }
    Answer answer = Answer.decode(body);
    if (answer.verdict() != Verdict.ACCEPTED) {
      throw new IOException("refused as " + answer.verdict() + ": " + answer.text());
    }
    state = State.UP;
    upSince = System.nanoTime();
    acknowledgedBytes = 0;
    progressAt = upSince;
    seenWrittenBytes = 0;
    quietSince = upSince;
    frames = new FrameDecoder(answer.version(), Long.BYTES);
    path.connected(channel, key, answer.version());
  }

  private void acknowledged(ByteBuffer in) throws IOException {
    for (Frame frame = frames.next(in); frame != null; frame = frames.next(in)) {
      if (frame.kind() != FrameKind.ACK || frame.payload().remaining() != Long.BYTES) {
        throw new WireException("an acceptor sends nothing but acknowledgements");
      }
      long bytes = frame.payload().getLong();
      if (bytes < acknowledgedBytes || bytes > path.writtenBytes()) {
        throw new WireException("bytes were acknowledged that were not sent");
      }
      if (bytes > acknowledgedBytes) {
        acknowledgedBytes = bytes;
        progressAt = System.nanoTime();
      }
    }
  }

  private void watch(long now) {
    long written = path.writtenBytes();
    if (written == acknowledgedBytes) {
      progressAt = now;
    } else if (now - progressAt >= stallNanos) {
      fail("it takes in nothing any more");
      return;
    }
    if (written != seenWrittenBytes) {
      seenWrittenBytes = written;
      quietSince = now;
    } else if (now - quietSince >= keepAliveNanos) {
      quietSince = now;
      try {
        path.keepAlive();
      } catch (IOException e) {
        fail(e.getMessage());
      }
    }
  }

  /** A sender's thread found the connection broken. */
  private void brokenInSender(SocketChannel broken, IOException e) {
    site.loop()
        .execute(
            () -> {
              if (broken == channel && state == State.UP) {
                fail(e.getMessage());
              }
            });
  }

  private void fail(String why) {
    site.complaints()
        .say(
            Level.INFO,
            (state == State.UP ? "lost/" : "unreachable/") + peer,
            (state == State.UP ? "Lost the connection to " : "Cannot connect to ")
                + peer
                + " at "
                + address
                + ": "
                + why);
    abandon();
    long now = System.nanoTime();
    boolean lost = state == State.UP;
    if (lost && now - upSince >= site.settings().backoffMax().toNanos()) {
      backoff.reset();
    }
    state = State.WAITING;
    // Counted from the attempt's beginning: one that timed out has waited long enough.
    deadline = Math.max(now, attemptAt + backoff.nextNanos());
    justLost = lost && deadline == now ? Optional.of(target) : Optional.empty();
    site.loop().tickAt(deadline);
    if (lost) {
      tellOfLoss();
    }
  }

  private void abandon() {
    path.close();
    if (channel != null) {
      try {
        channel.close();
      } catch (IOException e) {
        // The descriptor is gone either way, and there is a new channel for the next attempt.
        site.complaints().say(Level.DEBUG, "close/" + peer, "Closing failed: " + e);
      }
      channel = null;
    }
  }
}
