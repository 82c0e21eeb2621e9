package dev.quorate.raft.transport.tcp;

import dev.quorate.raft.api.config.Settings;
import dev.quorate.raft.api.transport.ClientContext;
import dev.quorate.raft.api.transport.ClientTransport;
import dev.quorate.raft.api.transport.Transport;
import dev.quorate.raft.api.transport.TransportContext;
import dev.quorate.raft.api.transport.TransportProvider;
import dev.quorate.raft.transport.tcp.net.TcpClientTransport;
import dev.quorate.raft.transport.tcp.net.TcpSettings;
import dev.quorate.raft.transport.tcp.net.TcpTransport;

/** Makes transports over plain sockets; its name is {@code tcp}. */
public final class TcpTransportProvider implements TransportProvider {

  /** A provider, as {@link java.util.ServiceLoader} makes it. */
  public TcpTransportProvider() {}

  @Override
  public String name() {
    return "tcp";
  }

  @Override
  public void check(Settings settings) {
    TcpSettings.from(settings);
  }

  @Override
  public Transport create(TransportContext context) {
    return new TcpTransport(
        context,
        TcpSettings.from(context.settings()),
        System.getLogger("dev.quorate.raft.transport.tcp"));
  }

  @Override
  public ClientTransport client(ClientContext context) {
    return new TcpClientTransport(
        context,
        TcpSettings.from(context.settings()),
        System.getLogger("dev.quorate.raft.transport.tcp"));
  }
}
