package dev.quorate.raft.transport.grpc.net;

import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.transport.grpc.proto.Answer;
import dev.quorate.raft.transport.grpc.proto.Answer.Verdict;
import dev.quorate.raft.transport.grpc.proto.Bundle;
import dev.quorate.raft.transport.grpc.proto.Hello;
import dev.quorate.raft.transport.grpc.proto.Incoming;
import dev.quorate.raft.transport.grpc.proto.KeepAlive;
import dev.quorate.raft.transport.grpc.proto.Outgoing;
import dev.quorate.raft.transport.grpc.proto.Piece;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import java.lang.System.Logger.Level;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;

/**
 * A call that came in: first a stranger with a deadline, and after its hello the frames of one
 * peer. Only the event loop calls.
 */
final class Inbound extends ServerCall.Listener<Outgoing> {

  /** A living dialler sends a keep-alive every second at least. */
  private static final long IDLE_NANOS = Duration.ofSeconds(10).toNanos();

  private final Site site;
  private final Service service;
  private final ServerCall<Outgoing, Incoming> call;
  private final SocketAddress remote;
  private final Assembly assembly;
  private final long beganAt = System.nanoTime();

  /** The peer, or null before its hello. */
  private NodeId from;

  /** The link, if it is a client that called; null otherwise. */
  private CallEnd link;

  private boolean ended;
  private long lastArrival = beganAt;
  private long arrivedMessages;
  private long acknowledgedMessages;

  Inbound(Site site, Service service, ServerCall<Outgoing, Incoming> call, SocketAddress remote) {
    this.site = site;
    this.service = service;
    this.call = call;
    this.remote = remote;
    this.assembly = new Assembly(site.context().maxFrameBytes());
    call.sendHeaders(new Metadata());
    call.request(1);
  }

  /** The peer, or null before its hello. */
  NodeId from() {
    return from;
  }

  SocketAddress remote() {
    return remote;
  }

  @Override
  public void onMessage(Outgoing message) {
    if (ended) {
      return;
    }
    lastArrival = System.nanoTime();
    if (link != null) {
      takeFromClient(message);
    } else if (from == null) {
      // When all that came with it was read: gRPC logs an answer to who closed at once. No other
      // message comes before the next is asked for.
      site.loop().execute(() -> greet(message));
      return;
    } else {
      arrivedMessages++;
      take(message);
    }
    requestNext();
  }

  private void requestNext() {
    if (!ended) {
      call.request(1);
    }
  }

  @Override
  public void onHalfClose() {
    lose();
  }

  @Override
  public void onReady() {
    if (link != null) {
      link.drain();
    }
  }

  @Override
  public void onCancel() {
    boolean first = !ended;
    ended = true;
    service.forget(this);
    if (first && link != null) {
      link.ended("the other end closed it");
    } else if (first) {
      tellOfLoss();
    }
  }

  void tick(long now) {
    if (link != null) {
      link.tick(now);
    } else if (from == null) {
      if (now - beganAt >= site.settings().handshakeTimeout().toNanos()) {
        refuse("silent", "did not finish its handshake");
      }
    } else if (now - lastArrival >= IDLE_NANOS) {
      lose();
    } else if (arrivedMessages != acknowledgedMessages && call.isReady()) {
      acknowledgedMessages = arrivedMessages;
      call.sendMessage(Incoming.newBuilder().setReceived(arrivedMessages).build());
    }
  }

  /** Ends the call, and the connection with it. */
  void end() {
    if (!ended) {
      ended = true;
      service.forget(this);
      call.close(Status.OK, new Metadata());
      if (link != null) {
        link.ended("this node closed it");
      }
    }
  }

  /** It has ended, or is of no use any more: what was on it may not have come. */
  void lose() {
    if (!ended) {
      end();
      tellOfLoss();
    }
  }

  private void tellOfLoss() {
    if (from != null) {
      site.tell(from, "its connection is lost", receiver -> receiver.onConnectionLost(from));
    }
  }

  private void greet(Outgoing message) {
    if (!ended) {
      answer(message);
      requestNext();
    }
  }

  private void answer(Outgoing message) {
    if (!message.hasHello()) {
      refuse("malformed", "sent something else than a hello first");
      return;
    }
    Hello hello = message.getHello();
    Answer answer = judge(hello);
    call.sendMessage(Incoming.newBuilder().setAnswer(answer).build());
    if (answer.getVerdict() != Verdict.ACCEPTED) {
      refuse(
          answer.getVerdict().name(), "is refused, " + describe(hello) + ": " + answer.getText());
      return;
    }
    if (isClients(hello)) {
      welcomeClient();
      return;
    }
    from = NodeId.of(hello.getFrom());
    service.welcome(this);
  }

  /** A hello that names no nodes is a client's, for whichever node this is. */
  private static boolean isClients(Hello hello) {
    return hello.getFrom().isEmpty() && hello.getTo().isEmpty();
  }

  private void welcomeClient() {
    CallEnd opened =
        new CallEnd(
            site::inLoop,
            site.settings(),
            site.complaints(),
            String.valueOf(remote),
            site.context().maxFrameBytes(),
            Duration.ofNanos(IDLE_NANOS),
            why -> end());
    opened.up(new Wire());
    link = opened;
    service.welcomeClient(this);
    opened.tell(
        () -> site.receiver().onClient(opened).ifPresentOrElse(opened::listener, opened::close));
  }

  /** The call, as a link's end sees it. */
  private final class Wire implements CallEnd.Wire {
    @Override
    public boolean isReady() {
      return !ended && call.isReady();
    }

    @Override
    public void send(Bundle bundle) {
      call.sendMessage(Incoming.newBuilder().setBundle(bundle).build());
    }

    @Override
    public void keepAlive() {
      call.sendMessage(Incoming.newBuilder().setKeepAlive(KeepAlive.getDefaultInstance()).build());
    }
  }

  private void takeFromClient(Outgoing message) {
    switch (message.getContentCase()) {
      case BUNDLE -> {
        try {
          link.arrived(message.getBundle());
        } catch (IllegalArgumentException e) {
          refuse("malformed", "sent " + e.getMessage());
        }
      }
      case KEEP_ALIVE -> link.heard();
      default -> refuse("malformed", "sent a message of unknown kind");
    }
  }

  private Answer judge(Hello hello) {
    String cluster = site.context().cluster();
    String self = site.context().self().value();
    int common = Versions.common(hello.getMinVersion(), hello.getMaxVersion());
    if (common == 0) {
      return refusal(
          Verdict.OTHER_VERSION,
          "versions " + Versions.MIN + " to " + Versions.MAX + " are spoken here");
    }
    if (!hello.getCluster().equals(cluster)) {
      return refusal(Verdict.OTHER_CLUSTER, "this is cluster '" + cluster + "'");
    }
    if (isClients(hello)) {
      return accepted(common);
    }
    if (!hello.getTo().equals(self) || hello.getFrom().equals(self)) {
      return refusal(Verdict.OTHER_NODE, "this is node '" + self + "'");
    }
    try {
      NodeId.of(hello.getFrom());
    } catch (IllegalArgumentException e) {
      return refusal(Verdict.OTHER, e.getMessage());
    }
    return accepted(common);
  }

  private static Answer accepted(int version) {
    return Answer.newBuilder().setVerdict(Verdict.ACCEPTED).setVersion(version).build();
  }

  private static Answer refusal(Verdict verdict, String text) {
    return Answer.newBuilder().setVerdict(verdict).setText(text).build();
  }

  private static String describe(Hello hello) {
    return "it said versions "
        + hello.getMinVersion()
        + " to "
        + hello.getMaxVersion()
        + ", cluster '"
        + hello.getCluster()
        + "', node '"
        + hello.getFrom()
        + "' for '"
        + hello.getTo()
        + "'";
  }

  private void take(Outgoing message) {
    switch (message.getContentCase()) {
      case BUNDLE -> take(message.getBundle());
      case KEEP_ALIVE -> {
        // That it arrived is all it says.
      }
      default -> refuse("malformed", "sent a message of unknown kind");
    }
  }

  private void take(Bundle bundle) {
    for (Piece piece : bundle.getPiecesList()) {
      ByteBuffer frame;
      try {
        frame = assembly.add(piece);
      } catch (IllegalArgumentException e) {
        refuse("malformed", "sent " + e.getMessage());
        return;
      }
      if (frame != null) {
        deliver(frame);
      }
    }
  }

  private void deliver(ByteBuffer frame) {
    try {
      site.receiver().onFrame(from, frame);
    } catch (RuntimeException | Error e) {
      // A fault of the layer above with one frame must not end what carries all others. An error,
      // too: the receiver knows what it must end for, and a node that hears nothing is no cure.
      site.complaints()
          .say(Level.ERROR, "receiver/" + from, "A frame of " + from + " failed: " + e);
    }
  }

  private void refuse(String kind, String what) {
    String place = Connections.host(remote);
    String who = from == null ? place : from + " at " + place;
    site.complaints().say(Level.WARNING, place + "/" + kind, "Connection from " + who + " " + what);
    service.explained(this);
    lose();
  }
}
