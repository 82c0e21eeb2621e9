package dev.quorate.raft.transport.grpc.net;

import dev.quorate.raft.api.Address;
import dev.quorate.raft.api.transport.ClientContext;
import dev.quorate.raft.api.transport.Link;
import dev.quorate.raft.api.transport.LinkListener;
import dev.quorate.raft.transport.grpc.proto.Answer;
import dev.quorate.raft.transport.grpc.proto.Bundle;
import dev.quorate.raft.transport.grpc.proto.Hello;
import dev.quorate.raft.transport.grpc.proto.Incoming;
import dev.quorate.raft.transport.grpc.proto.KeepAlive;
import dev.quorate.raft.transport.grpc.proto.Outgoing;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.Iterator;
import java.util.function.Consumer;

/**
 * A client's end of a link: from the lookup of the host to the link's end, once. A host with
 * several addresses is tried at each of them. Only the event loop calls.
 */
final class Dialled implements Attempt.Owner, CallEnd.Wire {

  private enum State {
    RESOLVING,
    GREETING,
    UP,
    CLOSED
  }

  private final Consumer<Runnable> inLoop;
  private final ClientContext context;
  private final GrpcSettings settings;
  private final Dialler dialler;
  private final Address address;
  private final LinkListener listener;
  private final Consumer<Dialled> onEnd;
  private final CallEnd end;
  private State state = State.RESOLVING;
  private long deadline;
  private Iterator<InetAddress> untried;
  private Attempt attempt;

  Dialled(
      Consumer<Runnable> inLoop,
      ClientContext context,
      GrpcSettings settings,
      Complaints complaints,
      Dialler dialler,
      Address address,
      LinkListener listener,
      Consumer<Dialled> onEnd) {
    this.inLoop = inLoop;
    this.context = context;
    this.settings = settings;
    this.dialler = dialler;
    this.address = address;
    this.listener = listener;
    this.onEnd = onEnd;
    this.end =
        new CallEnd(
            inLoop,
            settings,
            complaints,
            address.toString(),
            context.maxFrameBytes(),
            settings.stallTimeout(),
            this::shut);
  }

  Link link() {
    return end;
  }

  void dial(Resolver resolver) {
    end.listener(listener);
    deadline = System.nanoTime() + settings.connectTimeout().toNanos();
    resolver.resolve(address.host(), found -> inLoop.accept(() -> resolved(found)));
  }

  private void resolved(InetAddress[] found) {
    if (state == State.RESOLVING) {
      untried = Arrays.asList(found).iterator();
      connectToNext("no address is known for this host");
    }
  }

  private void connectToNext(String why) {
    if (!untried.hasNext()) {
      shut(why);
      return;
    }
    state = State.GREETING;
    deadline =
        System.nanoTime() + settings.connectTimeout().toNanos() + settings.stallTimeout().toNanos();
    InetSocketAddress target = new InetSocketAddress(untried.next(), address.port());
    attempt = new Attempt(inLoop, dialler, target, this);
    // A hello that names no nodes is a client's.
    Hello hello =
        Hello.newBuilder()
            .setMinVersion(Versions.MIN)
            .setMaxVersion(Versions.MAX)
            .setCluster(context.cluster())
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
      case BUNDLE -> onBundle(message.getBundle());
      case KEEP_ALIVE -> end.heard();
      default -> shut("it sent a message that is not for clients");
    }
  }

  private void onAnswer(Answer answer) {
    if (state != State.GREETING) {
      shut("it answered twice");
    } else if (answer.getVerdict() != Answer.Verdict.ACCEPTED) {
      shut("refused as " + answer.getVerdict() + ": " + answer.getText());
    } else if (Versions.common(answer.getVersion(), answer.getVersion()) == 0) {
      shut("it accepted with version " + answer.getVersion() + ", which was not offered");
    } else {
      state = State.UP;
      end.up(this);
      end.tell(listener::onOpen);
    }
  }

  private void onBundle(Bundle bundle) {
    try {
      end.arrived(bundle);
    } catch (IllegalArgumentException e) {
      shut("it sent " + e.getMessage());
    }
  }

  @Override
  public void onReady(Attempt of) {
    if (of == attempt) {
      end.drain();
    }
  }

  @Override
  public void onEnd(Attempt of, String why) {
    if (of != attempt) {
      return;
    }
    if (state == State.GREETING && untried.hasNext()) {
      of.end();
      connectToNext(why);
    } else {
      shut(why);
    }
  }

  void tick(long now) {
    if (state == State.UP) {
      end.tick(now);
    } else if (state != State.CLOSED && now - deadline >= 0) {
      shut("no connection in time");
    }
  }

  void shut(String why) {
    if (state == State.CLOSED) {
      return;
    }
    state = State.CLOSED;
    if (attempt != null) {
      Attempt ending = attempt;
      attempt = null;
      ending.end();
    }
    onEnd.accept(this);
    end.ended(why);
  }

  @Override
  public boolean isReady() {
    return attempt != null && attempt.isReady();
  }

  @Override
  public void send(Bundle bundle) {
    attempt.send(Outgoing.newBuilder().setBundle(bundle).build());
  }

  @Override
  public void keepAlive() {
    attempt.send(Outgoing.newBuilder().setKeepAlive(KeepAlive.getDefaultInstance()).build());
  }
}
