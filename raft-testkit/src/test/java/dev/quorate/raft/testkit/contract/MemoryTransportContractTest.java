package dev.quorate.raft.testkit.contract;

import dev.quorate.raft.api.transport.TransportProvider;

/** The contract is not written for sockets: a transport without any passes. */
class MemoryTransportContractTest extends TransportContract {

  @Override
  protected TransportProvider provider() {
    return new MemoryTransportProvider();
  }
}
