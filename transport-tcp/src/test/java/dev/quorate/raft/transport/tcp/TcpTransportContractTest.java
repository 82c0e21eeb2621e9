package dev.quorate.raft.transport.tcp;

import dev.quorate.raft.api.config.Settings;
import dev.quorate.raft.api.transport.TransportProvider;
import dev.quorate.raft.testkit.contract.SocketTransportContract;

class TcpTransportContractTest extends SocketTransportContract {

  @Override
  protected TransportProvider provider() {
    return new TcpTransportProvider();
  }

  @Override
  protected boolean tellsWhatIsLost() {
    return true;
  }

  @Override
  protected boolean tellsWhoIsGone() {
    return true;
  }

  @Override
  protected Settings redialsRarely() {
    return Settings.empty().with("raft.transport.tcp.reconnect-backoff-max", "1m");
  }
}
