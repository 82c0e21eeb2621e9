package dev.quorate.raft.transport.grpc;

import dev.quorate.raft.api.transport.TransportProvider;
import dev.quorate.raft.testkit.contract.LinkContract;

class GrpcLinkContractTest extends LinkContract {

  @Override
  protected TransportProvider provider() {
    return new GrpcTransportProvider();
  }
}
