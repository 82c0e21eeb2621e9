package dev.quorate.raft.transport.grpc.net;

import dev.quorate.raft.api.transport.Transport;
import dev.quorate.raft.api.transport.TransportContext;
import dev.quorate.raft.api.transport.TransportProvider;
import dev.quorate.raft.transport.contract.TransportContract;
import dev.quorate.raft.transport.grpc.GrpcTransportProvider;

class GrpcTransportContractTest extends TransportContract {

  @Override
  protected String name() {
    return "grpc";
  }

  @Override
  protected TransportProvider provider() {
    return new GrpcTransportProvider();
  }

  @Override
  protected Transport create(TransportContext context, System.Logger logger) {
    return new GrpcTransport(context, GrpcSettings.from(context.settings()), logger);
  }
}
