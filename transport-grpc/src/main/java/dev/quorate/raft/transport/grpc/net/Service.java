package dev.quorate.raft.transport.grpc.net;

import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.transport.grpc.proto.Incoming;
import dev.quorate.raft.transport.grpc.proto.Outgoing;
import dev.quorate.raft.transport.grpc.proto.RaftTransportGrpc;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerServiceDefinition;
import io.grpc.StatusRuntimeException;
import java.io.InputStream;
import java.net.SocketAddress;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** All calls that came in. Only the event loop calls. */
final class Service implements ServerCallHandler<Outgoing, Incoming> {

  private static final MethodDescriptor<Outgoing, Incoming> EXCHANGE =
      RaftTransportGrpc.getExchangeMethod().toBuilder()
          .setRequestMarshaller(
              new Lenient(RaftTransportGrpc.getExchangeMethod().getRequestMarshaller()))
          .build();

  private final Site site;
  private final Connections connections;
  private final Consumer<NodeId> onArrival;
  private final Set<Inbound> calls = new LinkedHashSet<>();
  private final Map<NodeId, Inbound> byPeer = new HashMap<>();

  /**
   * A service without a call.
   *
   * @param onArrival told of each peer whose handshake was accepted
   */
  Service(Site site, Connections connections, Consumer<NodeId> onArrival) {
    this.site = site;
    this.connections = connections;
    this.onArrival = onArrival;
  }

  ServerServiceDefinition definition() {
    return ServerServiceDefinition.builder(RaftTransportGrpc.SERVICE_NAME)
        .addMethod(EXCHANGE, this)
        .build();
  }

  @Override
  public ServerCall.Listener<Outgoing> startCall(
      ServerCall<Outgoing, Incoming> call, Metadata headers) {
    SocketAddress remote = call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR);
    Inbound inbound = new Inbound(site, this, call, remote);
    calls.add(inbound);
    return inbound;
  }

  /** A call's handshake was accepted. The peer's older call is half-open, or its past. */
  void welcome(Inbound call) {
    connections.greeted(call.remote());
    Inbound older = byPeer.put(call.from(), call);
    if (older != null) {
      older.lose();
    }
    onArrival.accept(call.from());
  }

  /** A client's handshake was accepted. */
  void welcomeClient(Inbound call) {
    connections.greetedClient(call.remote());
  }

  /** It was said what is wrong with a call. */
  void explained(Inbound call) {
    connections.explained(call.remote());
  }

  void forget(Inbound call) {
    calls.remove(call);
    connections.endSoon(call.remote());
    if (call.from() != null) {
      byPeer.remove(call.from(), call);
    }
  }

  void tick(long now) {
    for (Inbound call : List.copyOf(calls)) {
      call.tick(now);
    }
    connections.tick(now);
  }

  /**
   * Takes what is no message for one without content, which is refused like others of unknown kind;
   * gRPC would log what a marshaller throws.
   */
  private record Lenient(MethodDescriptor.Marshaller<Outgoing> strict)
      implements MethodDescriptor.Marshaller<Outgoing> {
    @Override
    public InputStream stream(Outgoing message) {
      return strict.stream(message);
    }

    @Override
    public Outgoing parse(InputStream bytes) {
      try {
        return strict.parse(bytes);
      } catch (StatusRuntimeException e) {
        return Outgoing.getDefaultInstance();
      }
    }
  }
}
