package dev.quorate.raft.transport.grpc.net;

import dev.quorate.raft.api.Address;
import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.transport.Lane;
import dev.quorate.raft.transport.grpc.proto.Answer;
import dev.quorate.raft.transport.grpc.proto.Hello;
import dev.quorate.raft.transport.grpc.proto.Incoming;
import dev.quorate.raft.transport.grpc.proto.KeepAlive;
import dev.quorate.raft.transport.grpc.proto.Outgoing;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * The call to one peer at one address, made again and again for as long as the peer is named.
 *
 * <pre>
 *   WAITING ─► RESOLVING ─► GREETING ─► UP
 *      ▲           │            │        │
 *      └───────────┴────────────┴────────┘   any failure, with a growing pause
 * </pre>
 *
 * <p>CLOSED is reached from everywhere and never left. Only the event loop calls, except for {@link
 * #send}.
 */
final class Outbound implements Attempt.Owner {

  private enum State {
    WAITING,
    RESOLVING,
    GREETING,
    UP,
    CLOSED
  }

  /** The least time between two attempts that the peer's own calls bring about. */
  private static final long NUDGE_NANOS = Duration.ofMillis(50).toNanos();

  private static final long KEEP_ALIVE_MAX_NANOS = Duration.ofSeconds(1).toNanos();

  private static final Outgoing KEEP_ALIVE =
      Outgoing.newBuilder().setKeepAlive(KeepAlive.getDefaultInstance()).build();

  private final Site site;
  private final Resolver resolver;
  private final Dialler dialler;
  private final NodeId peer;
  private final Address address;
  private final SendPath path;
  private final Backoff backoff;
  private final long stallNanos;
  private final long keepAliveNanos;

  private State state = State.WAITING;
  private int attempts;
  private Attempt attempt;
  private long attemptAt = System.nanoTime();

  /** The end of the pause in WAITING, of the patience in GREETING. */
  private long deadline = attemptAt;

  // While UP.
  private long upSince;
  private long sentMessages;
  private long acknowledgedMessages;
  private long progressAt;
  private long seenSentMessages;
  private long quietSince;

  Outbound(Site site, Resolver resolver, Dialler dialler, NodeId peer, Address address) {
    this.site = site;
    this.resolver = resolver;
    this.dialler = dialler;
    this.peer = peer;
    this.address = address;
    this.path = new SendPath(site.settings().sendQueueBytes(), site::inLoop, this::drain);
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

  /**
   * The peer has just reached us, so it can probably be reached: a pause, or an attempt that began
   * before the peer was there and waits for a retransmission, is cut short.
   */
  void nudge() {
    long now = System.nanoTime();
    if (state == State.WAITING) {
      backoff.reset();
      waitUntil(Math.max(now, attemptAt + NUDGE_NANOS));
    } else if (state == State.GREETING) {
      // Not at once: where both JVMs start, this loop may be late to hear that it is connected, and
      // the peer to answer; the peer would warn of a connection that ended without a handshake.
      Attempt slow = attempt;
      later(NUDGE_NANOS, () -> replace(slow));
    }
  }

  private void replace(Attempt slow) {
    if (state == State.GREETING && attempt == slow && !slow.isConnected()) {
      abandon();
      state = State.WAITING;
      backoff.reset();
      waitUntil(System.nanoTime());
    }
  }

  void tick(long now) {
    switch (state) {
      case WAITING -> {
        if (now - deadline >= 0) {
          dial();
        }
      }
      case RESOLVING -> {
        if (now - attemptAt >= site.settings().connectTimeout().toNanos()) {
          // The lookup cannot be hurried; what waits for it gets stale.
          path.close();
        }
      }
      case GREETING -> {
        if (now - deadline >= 0) {
          fail("no answer to the handshake in time");
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

  private void dial() {
    attemptAt = System.nanoTime();
    attempts++;
    int thisAttempt = attempts;
    state = State.RESOLVING;
    path.open();
    resolver.resolve(address.host(), found -> site.inLoop(() -> resolved(thisAttempt, found)));
  }

  private void resolved(int ofAttempt, InetAddress[] found) {
    if (state != State.RESOLVING || ofAttempt != attempts) {
      return;
    }
    if (found.length == 0) {
      fail("no address is known for this host");
      return;
    }
    state = State.GREETING;
    deadline = System.nanoTime() + site.settings().handshakeTimeout().toNanos();
    path.open();
    // A name with several addresses gets each its turn: a listener may be on one of them only.
    InetAddress host = found[(attempts - 1) % found.length];
    attempt = new Attempt(site::inLoop, dialler, new InetSocketAddress(host, address.port()), this);
    Hello hello =
        Hello.newBuilder()
            .setMinVersion(Versions.MIN)
            .setMaxVersion(Versions.MAX)
            .setCluster(site.context().cluster())
            .setFrom(site.context().self().value())
            .setTo(peer.value())
            .build();
    attempt.begin(Outgoing.newBuilder().setHello(hello).build());
  }

  @Override
  public void onMessage(Attempt of, Incoming message) {
    if (of != attempt) {
      return;
    }
    switch (message.getContentCase()) {
      case ANSWER -> onAnswer(message.getAnswer());
      case RECEIVED -> onReceived(message.getReceived());
      default -> fail("it sent a message of unknown kind");
    }
  }

  @Override
  public void onReady(Attempt of) {
    if (of == attempt) {
      drain();
    }
  }

  @Override
  public void onEnd(Attempt of, String why) {
    if (of == attempt) {
      fail(why);
    }
  }

  private void onAnswer(Answer answer) {
    if (state != State.GREETING) {
      fail("it answered twice");
    } else if (answer.getVerdict() != Answer.Verdict.ACCEPTED) {
      fail("refused as " + answer.getVerdict() + ": " + answer.getText());
    } else if (Versions.common(answer.getVersion(), answer.getVersion()) == 0) {
      fail("it accepted with version " + answer.getVersion() + ", which was not offered");
    } else {
      state = State.UP;
      upSince = System.nanoTime();
      sentMessages = 0;
      acknowledgedMessages = 0;
      progressAt = upSince;
      seenSentMessages = 0;
      quietSince = upSince;
      drain();
    }
  }

  private void onReceived(long messages) {
    if (state != State.UP || messages < acknowledgedMessages || messages > sentMessages) {
      fail("it acknowledged messages that were not sent");
    } else if (messages > acknowledgedMessages) {
      acknowledgedMessages = messages;
      progressAt = System.nanoTime();
    }
  }

  private void drain() {
    while (state == State.UP && attempt.isReady()) {
      Outgoing next = path.next();
      if (next == null) {
        return;
      }
      sentMessages++;
      attempt.send(next);
    }
  }

  private void watch(long now) {
    if (sentMessages == acknowledgedMessages) {
      progressAt = now;
    } else if (now - progressAt >= stallNanos) {
      fail("it takes in nothing any more");
      return;
    }
    if (sentMessages != seenSentMessages) {
      seenSentMessages = sentMessages;
      quietSince = now;
    } else if (now - quietSince >= keepAliveNanos && attempt.isReady()) {
      quietSince = now;
      sentMessages++;
      attempt.send(KEEP_ALIVE);
    }
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
    waitUntil(Math.max(now, attemptAt + backoff.nextNanos()));
    if (lost) {
      tellOfLoss();
    }
  }

  private void waitUntil(long nanoTime) {
    deadline = nanoTime;
    later(Math.max(0, nanoTime - System.nanoTime()), () -> tick(System.nanoTime()));
  }

  private void later(long nanos, Runnable task) {
    if (!site.loop().isShuttingDown()) {
      site.loop().schedule(task, nanos, TimeUnit.NANOSECONDS);
    }
  }

  private void abandon() {
    path.close();
    if (attempt != null) {
      Attempt ending = attempt;
      attempt = null;
      ending.end();
    }
  }
}
