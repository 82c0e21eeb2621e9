package dev.quorate.raft.engine.runtime;

import dev.quorate.raft.api.Address;
import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.transport.ClientContext;
import dev.quorate.raft.api.transport.ClientTransport;
import dev.quorate.raft.api.transport.FrameReceiver;
import dev.quorate.raft.api.transport.Lane;
import dev.quorate.raft.api.transport.Transport;
import dev.quorate.raft.api.transport.TransportContext;
import dev.quorate.raft.api.transport.TransportProvider;
import dev.quorate.raft.engine.codec.DecodeException;
import dev.quorate.raft.engine.codec.Envelope;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Delivers every frame at once, on the sender's thread, unless an end is cut off. */
final class MemoryNetwork implements TransportProvider {

  private final ConcurrentMap<NodeId, FrameReceiver> listening = new ConcurrentHashMap<>();
  private final ConcurrentMap<NodeId, Address> places = new ConcurrentHashMap<>();
  private final Set<NodeId> cutOff = ConcurrentHashMap.newKeySet();
  private final AtomicInteger framesOfHostsAlone = new AtomicInteger();

  @Override
  public String name() {
    return "memory";
  }

  /** How many frames of hosts were sent since the last of any group: while all rest, it rises. */
  int framesOfHostsAlone() {
    return framesOfHostsAlone.get();
  }

  private void count(ByteBuffer frame) {
    try {
      boolean ofHosts = Envelope.decode(frame).group().equals(Envelope.ALL_GROUPS);
      framesOfHostsAlone.updateAndGet(before -> ofHosts ? before + 1 : 0);
    } catch (DecodeException e) {
      framesOfHostsAlone.set(0);
    }
  }

  void cutOff(NodeId node) {
    cutOff.add(node);
  }

  void heal(NodeId node) {
    cutOff.remove(node);
  }

  /** Who hears what comes to a node that listens. */
  FrameReceiver receiver(NodeId node) {
    return listening.get(node);
  }

  /** This network, for a node that asks as a client does by another transport. */
  TransportProvider askingBy(TransportProvider clients) {
    return new TransportProvider() {
      @Override
      public String name() {
        return MemoryNetwork.this.name();
      }

      @Override
      public Transport create(TransportContext context) {
        return MemoryNetwork.this.create(context);
      }

      @Override
      public ClientTransport client(ClientContext context) {
        return clients.client(context);
      }
    };
  }

  @Override
  public Transport create(TransportContext context) {
    return new End(context.self(), context.bind());
  }

  private final class End implements Transport {
    private final NodeId self;
    private final Address bind;
    private volatile Map<NodeId, Address> peers = Map.of();

    End(NodeId self, Address bind) {
      this.self = self;
      this.bind = bind;
    }

    @Override
    public Address start(FrameReceiver receiver) {
      places.put(self, bind);
      listening.put(self, receiver);
      return bind;
    }

    @Override
    public void setPeers(Map<NodeId, Address> all) {
      peers = Map.copyOf(all);
    }

    @Override
    public void send(NodeId to, Lane lane, ByteBuffer frame) {
      count(frame.duplicate());
      FrameReceiver receiver = listening.get(to);
      if (receiver != null
          && places.get(to).equals(peers.get(to))
          && !cutOff.contains(self)
          && !cutOff.contains(to)) {
        ByteBuffer copy = ByteBuffer.allocate(frame.remaining());
        copy.put(frame.duplicate()).flip();
        receiver.onFrame(self, copy);
      }
    }

    @Override
    public void close() {
      listening.remove(self);
    }
  }
}
