package dev.quorate.raft.testkit.contract;

import dev.quorate.raft.api.transport.Transport;
import dev.quorate.raft.api.transport.TransportContext;
import dev.quorate.raft.api.transport.TransportProvider;
import java.util.List;

/** Makes transports that reach the nodes of this process. */
final class MemoryTransportProvider implements TransportProvider {

  private static final long MAX_BYTES_PER_LANE = 4L << 20;

  private final long maxBytesPerLane;

  MemoryTransportProvider() {
    this(MAX_BYTES_PER_LANE);
  }

  MemoryTransportProvider(long maxBytesPerLane) {
    this.maxBytesPerLane = maxBytesPerLane;
  }

  @Override
  public String name() {
    return "memory";
  }

  @Override
  public Transport create(TransportContext context) {
    context.settings().requireKnown("raft.transport.memory.", List.of());
    return new MemoryTransport(context, maxBytesPerLane);
  }
}
