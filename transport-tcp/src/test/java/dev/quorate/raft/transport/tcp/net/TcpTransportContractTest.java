package dev.quorate.raft.transport.tcp.net;

import dev.quorate.raft.api.transport.Transport;
import dev.quorate.raft.api.transport.TransportContext;
import dev.quorate.raft.api.transport.TransportProvider;
import dev.quorate.raft.transport.contract.TransportContract;
import dev.quorate.raft.transport.tcp.TcpTransportProvider;

class TcpTransportContractTest extends TransportContract {

  @Override
  protected String name() {
    return "tcp";
  }

  @Override
  protected TransportProvider provider() {
    return new TcpTransportProvider();
  }

  @Override
  protected Transport create(TransportContext context, System.Logger logger) {
    return new TcpTransport(context, TcpSettings.from(context.settings()), logger);
  }
}
