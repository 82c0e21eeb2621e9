package dev.quorate.raft.engine.runtime;

import dev.quorate.raft.api.Address;
import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.config.Settings;
import dev.quorate.raft.api.storage.StorageProvider;
import dev.quorate.raft.api.transport.FrameReceiver;
import dev.quorate.raft.api.transport.Lane;
import dev.quorate.raft.api.transport.Transport;
import dev.quorate.raft.api.transport.TransportContext;
import dev.quorate.raft.api.transport.TransportProvider;
import dev.quorate.raft.engine.formation.ListedNode;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A transport that reaches nobody and throws what it is told to. */
final class BrokenTransport implements TransportProvider {

  volatile Throwable onCreate;
  volatile Throwable onStart;
  volatile Throwable onSend;
  volatile Throwable onClose;

  /** A node that is alone in its cluster. */
  static NodeOptions options(NodeId id, TransportProvider transport, StorageProvider storage) {
    Address address = new Address("host", 7000);
    return new NodeOptions(
        id,
        "test",
        List.of(new ListedNode(id, address)),
        address,
        new Register(),
        Path.of("nowhere"),
        address,
        "a test",
        transport,
        storage,
        Settings.empty());
  }

  private static void maybeThrow(Throwable failure) {
    if (failure instanceof Error error) {
      throw error;
    }
    if (failure instanceof RuntimeException exception) {
      throw exception;
    }
  }

  @Override
  public String name() {
    return "broken";
  }

  @Override
  public Transport create(TransportContext context) {
    maybeThrow(onCreate);
    return new End(context.bind());
  }

  private final class End implements Transport {
    private final Address bind;

    End(Address bind) {
      this.bind = bind;
    }

    @Override
    public Address start(FrameReceiver receiver) {
      maybeThrow(onStart);
      return bind;
    }

    @Override
    public void setPeers(Map<NodeId, Address> all) {}

    @Override
    public void send(NodeId to, Lane lane, ByteBuffer frame) {
      maybeThrow(onSend);
    }

    @Override
    public void close() {
      maybeThrow(onClose);
    }
  }
}
