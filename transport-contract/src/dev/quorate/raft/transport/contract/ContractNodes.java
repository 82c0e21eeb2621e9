package dev.quorate.raft.transport.contract;

import dev.quorate.raft.api.Address;
import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.config.Settings;
import dev.quorate.raft.api.transport.Transport;
import dev.quorate.raft.api.transport.TransportContext;
import dev.quorate.raft.api.transport.TransportProvider;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;

/** What the contract tests need: the transport under test, and nodes that are closed afterwards. */
abstract class ContractNodes {

  protected static final NodeId N1 = NodeId.of("n1");
  protected static final NodeId N2 = NodeId.of("n2");
  protected static final NodeId N3 = NodeId.of("n3");
  protected static final int MAX_FRAME_BYTES = 1024 * 1024;

  private final List<AutoCloseable> opened = new ArrayList<>();

  /** The short name under which the provider is found. */
  protected abstract String name();

  /** The provider. */
  protected abstract TransportProvider provider();

  /** A transport that logs to the given logger. */
  protected abstract Transport create(TransportContext context, System.Logger logger);

  @AfterEach
  void closeAll() throws Exception {
    for (AutoCloseable resource : opened) {
      resource.close();
    }
  }

  protected <T extends AutoCloseable> T closing(T resource) {
    opened.add(resource);
    return resource;
  }

  protected static TransportContext context(String cluster, NodeId self, int port) {
    return new TransportContext(
        cluster, self, new Address("127.0.0.1", port), MAX_FRAME_BYTES, Settings.empty());
  }

  protected TestNode node(NodeId id) throws IOException {
    return node(context("c", id, 0));
  }

  protected TestNode node(TransportContext context) throws IOException {
    RecordingLogger log = new RecordingLogger();
    return closing(new TestNode(context.self(), create(context, log), log));
  }
}
