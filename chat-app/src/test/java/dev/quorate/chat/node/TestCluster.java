package dev.quorate.chat.node;

import dev.quorate.chat.client.ChatClient;
import dev.quorate.chat.cluster.ClusterFile;
import dev.quorate.chat.cluster.ClusterNode;
import dev.quorate.chat.proto.NodeServiceGrpc;
import dev.quorate.chat.proto.StatusRequest;
import dev.quorate.chat.proto.StatusResponse;
import dev.quorate.raft.api.Address;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** A real cluster in this process: real sockets, real files, no doubles. */
final class TestCluster implements AutoCloseable {

  private static final String HOST = "127.0.0.1";
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final ClusterFile file;
  private final Path directory;
  private final Map<Integer, ChatNode> running = new HashMap<>();
  private final Map<Integer, ManagedChannel> channels = new HashMap<>();
  private final List<ChatClient> clients = new ArrayList<>();

  TestCluster(int size, int initialLeader, Path directory) throws IOException {
    this.directory = directory;
    List<Integer> ports = freePorts(2 * size);
    List<ClusterNode> nodes = new ArrayList<>();
    for (int id = 1; id <= size; id++) {
      nodes.add(new ClusterNode(id, HOST, ports.get(2 * id - 2), ports.get(2 * id - 1)));
    }
    // A machine that builds other things meanwhile must not cause elections here.
    Map<String, String> patient =
        Map.of("raft.election-timeout.min", "1s", "raft.election-timeout.max", "2s");
    file = new ClusterFile("test", nodes, "tcp", "file", initialLeader, patient);
    for (ClusterNode node : nodes) {
      channels.put(
          node.id(),
          ManagedChannelBuilder.forAddress(HOST, node.chatPort()).usePlaintext().build());
    }
  }

  /** Ports that nobody uses at the moment, all different. */
  private static List<Integer> freePorts(int count) throws IOException {
    List<ServerSocket> sockets = new ArrayList<>();
    try {
      List<Integer> ports = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName(HOST));
        sockets.add(socket);
        ports.add(socket.getLocalPort());
      }
      return ports;
    } finally {
      for (ServerSocket socket : sockets) {
        socket.close();
      }
    }
  }

  ClusterFile file() {
    return file;
  }

  void startAll() throws IOException {
    for (ClusterNode node : file.nodes()) {
      start(node.id());
    }
  }

  void start(int id) throws IOException {
    running.put(
        id,
        ChatNode.start(file, file.node(id).orElseThrow(), directory.resolve("node_" + id), false));
  }

  void stop(int id) {
    running.remove(id).close();
  }

  /** A client that knows these nodes, in this order; all of them if none is named. */
  ChatClient client(Duration timeout, Integer... ids) {
    List<Integer> known =
        ids.length > 0 ? List.of(ids) : file.nodes().stream().map(ClusterNode::id).toList();
    List<Address> addresses =
        known.stream().map(id -> file.node(id).orElseThrow().chatAddress()).toList();
    ChatClient client = new ChatClient(addresses, timeout, timeout);
    clients.add(client);
    return client;
  }

  ManagedChannel channel(int id) {
    return channels.get(id);
  }

  Optional<StatusResponse> status(int id) {
    try {
      // Waits for the connection instead of failing while the node starts.
      return Optional.of(
          NodeServiceGrpc.newBlockingStub(channels.get(id))
              .withWaitForReady()
              .withDeadlineAfter(1, TimeUnit.SECONDS)
              .status(StatusRequest.getDefaultInstance()));
    } catch (StatusRuntimeException e) {
      return Optional.empty();
    }
  }

  /** Asks a node for its status until it is as wanted. */
  StatusResponse awaitStatus(int id, Predicate<StatusResponse> wanted) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    Optional<StatusResponse> last = Optional.empty();
    while (System.nanoTime() - end < 0) {
      last = status(id);
      if (last.filter(wanted).isPresent()) {
        return last.get();
      }
    }
    throw new AssertionError("node " + id + " did not come to the wanted status: " + last);
  }

  @Override
  public void close() {
    clients.forEach(ChatClient::close);
    channels.values().forEach(ManagedChannel::shutdownNow);
    running.values().forEach(ChatNode::close);
  }
}
