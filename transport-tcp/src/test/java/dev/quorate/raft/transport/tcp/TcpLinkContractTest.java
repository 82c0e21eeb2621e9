package dev.quorate.raft.transport.tcp;

import dev.quorate.raft.api.transport.TransportProvider;
import dev.quorate.raft.testkit.contract.LinkContract;

class TcpLinkContractTest extends LinkContract {

  @Override
  protected TransportProvider provider() {
    return new TcpTransportProvider();
  }
}
