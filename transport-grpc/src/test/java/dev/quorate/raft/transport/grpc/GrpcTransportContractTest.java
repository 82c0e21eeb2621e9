package dev.quorate.raft.transport.grpc;

import dev.quorate.raft.api.config.Settings;
import dev.quorate.raft.api.transport.TransportProvider;
import dev.quorate.raft.testkit.contract.SocketTransportContract;

class GrpcTransportContractTest extends SocketTransportContract {

  @Override
  protected TransportProvider provider() {
    return new GrpcTransportProvider();
  }

  @Override
  protected boolean tellsWhatIsLost() {
    return true;
  }

  @Override
  protected Settings redialsRarely() {
    return Settings.empty().with("raft.transport.grpc.reconnect-backoff-max", "1m");
  }
}
