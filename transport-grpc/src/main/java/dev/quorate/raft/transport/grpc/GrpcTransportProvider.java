package dev.quorate.raft.transport.grpc;

import dev.quorate.raft.api.config.Settings;
import dev.quorate.raft.api.transport.ClientContext;
import dev.quorate.raft.api.transport.ClientTransport;
import dev.quorate.raft.api.transport.Transport;
import dev.quorate.raft.api.transport.TransportContext;
import dev.quorate.raft.api.transport.TransportProvider;
import dev.quorate.raft.transport.grpc.net.GrpcClientTransport;
import dev.quorate.raft.transport.grpc.net.GrpcSettings;
import dev.quorate.raft.transport.grpc.net.GrpcTransport;

/** Makes transports over gRPC; its name is {@code grpc}. */
public final class GrpcTransportProvider implements TransportProvider {

  /** A provider, as {@link java.util.ServiceLoader} makes it. */
  public GrpcTransportProvider() {}

  @Override
  public String name() {
    return "grpc";
  }

  @Override
  public void check(Settings settings) {
    GrpcSettings.from(settings);
  }

  @Override
  public Transport create(TransportContext context) {
    return new GrpcTransport(
        context,
        GrpcSettings.from(context.settings()),
        System.getLogger("dev.quorate.raft.transport.grpc"));
  }

  @Override
  public ClientTransport client(ClientContext context) {
    return new GrpcClientTransport(
        context,
        GrpcSettings.from(context.settings()),
        System.getLogger("dev.quorate.raft.transport.grpc"));
  }
}
