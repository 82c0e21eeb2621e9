package dev.quorate.raft.transport.grpc.net;

import dev.quorate.raft.transport.grpc.proto.Incoming;
import dev.quorate.raft.transport.grpc.proto.Outgoing;
import dev.quorate.raft.transport.grpc.proto.RaftTransportGrpc;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.netty.channel.Channel;
import java.net.InetSocketAddress;
import java.util.function.Consumer;

/**
 * One channel with one call, from its beginning to its end. Brings gRPC's callbacks into the event
 * loop: before there is a connection they may come in any thread.
 */
final class Attempt extends ClientCall.Listener<Incoming> {

  /** How much gRPC buffers before it is not ready; two pieces keep the connection busy. */
  private static final int READY_BYTES = 2 * Pieces.MAX_BYTES;

  private final Consumer<Runnable> inLoop;
  private final ManagedChannel channel;
  private final Owner owner;
  private final ClientCall<Outgoing, Incoming> call;

  /** The channel's last socket, or null; set by whichever thread gRPC connects in. */
  private volatile Channel socket;

  /** Whose attempt it is; called in the event loop. */
  interface Owner {
    /** A message came. */
    void onMessage(Attempt of, Incoming message);

    /** It takes more messages. */
    void onReady(Attempt of);

    /** It ended. */
    void onEnd(Attempt of, String why);
  }

  Attempt(Consumer<Runnable> inLoop, Dialler dialler, InetSocketAddress address, Owner owner) {
    this.inLoop = inLoop;
    this.channel = dialler.channelTo(address, opened -> socket = opened);
    this.owner = owner;
    this.call =
        channel.newCall(
            RaftTransportGrpc.getExchangeMethod(),
            CallOptions.DEFAULT.withOnReadyThreshold(READY_BYTES));
  }

  void begin(Outgoing hello) {
    call.start(this, new Metadata());
    call.request(1);
    call.sendMessage(hello);
  }

  /** Whether there is a connection, though it may not be answered yet. */
  boolean isConnected() {
    Channel last = socket;
    return last != null && last.isActive();
  }

  boolean isReady() {
    return call.isReady();
  }

  void send(Outgoing message) {
    call.sendMessage(message);
  }

  void end() {
    call.cancel("the attempt is over", null);
    channel.shutdownNow();
  }

  @Override
  public void onMessage(Incoming message) {
    inLoop.accept(() -> owner.onMessage(this, message));
    call.request(1);
  }

  @Override
  public void onReady() {
    inLoop.accept(() -> owner.onReady(this));
  }

  @Override
  public void onClose(Status status, Metadata trailers) {
    Throwable cause = status.getCause();
    String why = cause == null || cause.getMessage() == null ? "" : " (" + cause.getMessage() + ")";
    inLoop.accept(() -> owner.onEnd(this, status.getCode() + ": " + status.getDescription() + why));
  }
}
