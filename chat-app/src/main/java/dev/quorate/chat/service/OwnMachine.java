package dev.quorate.chat.service;

import dev.quorate.chat.proto.Outcome;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Objects;

/** Tells callers on this machine, who could stop the node as well, from all others. */
final class OwnMachine implements ServerInterceptor {

  private static final Context.Key<Boolean> OWN = Context.keyWithDefault("own-machine", false);

  /** Refuses a call that came from elsewhere. */
  static void require() {
    if (!OWN.get()) {
      throw new CallFailure(
          Outcome.OUTCOME_NOT_ALLOWED, "only callers on the node's own machine may ask for that");
    }
  }

  /** Whether both ends of a connection are on this machine. */
  static boolean isOwn(SocketAddress local, SocketAddress remote) {
    return local instanceof InetSocketAddress here
        && remote instanceof InetSocketAddress there
        && there.getAddress() != null
        && (there.getAddress().isLoopbackAddress()
            || Objects.equals(here.getAddress(), there.getAddress()));
  }

  @Override
  public <Q, P> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, P> call, Metadata headers, ServerCallHandler<Q, P> next) {
    boolean own =
        isOwn(
            call.getAttributes().get(Grpc.TRANSPORT_ATTR_LOCAL_ADDR),
            call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR));
    return Contexts.interceptCall(Context.current().withValue(OWN, own), call, headers, next);
  }
}
