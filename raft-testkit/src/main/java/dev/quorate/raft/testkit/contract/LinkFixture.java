package dev.quorate.raft.testkit.contract;

import dev.quorate.raft.api.Address;
import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.transport.ClientContext;
import dev.quorate.raft.api.transport.ClientTransport;
import dev.quorate.raft.api.transport.FrameReceiver;
import dev.quorate.raft.api.transport.Link;
import dev.quorate.raft.api.transport.LinkListener;
import dev.quorate.raft.api.transport.Transport;
import dev.quorate.raft.api.transport.TransportContext;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** What the cases about links need: a client, and nodes that serve clients. */
abstract class LinkFixture extends TransportFixture {

  private ClientTransport client;

  /** A node that keeps each link that a client opens. */
  static final class ClientNode implements FrameReceiver, AutoCloseable {

    private final Transport transport;
    private final Address address;
    private final List<TestLink> links = new CopyOnWriteArrayList<>();
    private volatile boolean servesNobody;

    private ClientNode(Transport transport) throws IOException {
      this.transport = transport;
      this.address = transport.start(this);
    }

    @Override
    public void onFrame(NodeId from, ByteBuffer frame) {
      throw new IllegalStateException("a frame of a node that is not there: " + from);
    }

    @Override
    public Optional<LinkListener> onClient(Link link) {
      if (servesNobody) {
        return Optional.empty();
      }
      TestLink served = new TestLink();
      served.hears(link);
      links.add(served);
      return Optional.of(served);
    }

    void servesNobody() {
      servesNobody = true;
    }

    Address address() {
      return address;
    }

    List<TestLink> links() {
      return links;
    }

    /** The end of the link that was opened first. */
    TestLink only() {
      return links.get(0);
    }

    /** The end of the link that was opened last. */
    TestLink last() {
      return links.get(links.size() - 1);
    }

    @Override
    public void close() {
      transport.close();
    }
  }

  final ClientNode clientNode() throws IOException {
    return clientNode(context(CLUSTER, N1, anyPort()));
  }

  final ClientNode clientNode(TransportContext context) throws IOException {
    return closing(new ClientNode(create(context)));
  }

  /** The one client of a case. */
  final ClientTransport client() {
    if (client == null) {
      client =
          closing(
              provider().client(new ClientContext("client", CLUSTER, MAX_FRAME_BYTES, settings())));
    }
    return client;
  }

  final TestLink connect(Address at) {
    TestLink end = new TestLink();
    end.hears(client().connect(at, end));
    return end;
  }
}
