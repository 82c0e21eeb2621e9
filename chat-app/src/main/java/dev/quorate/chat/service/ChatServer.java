package dev.quorate.chat.service;

import dev.quorate.chat.proto.ChatServiceGrpc;
import dev.quorate.chat.state.StateDigest;
import dev.quorate.raft.api.Address;
import dev.quorate.raft.api.NodeCondition;
import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.RaftListener;
import dev.quorate.raft.api.RaftNode;
import io.grpc.Server;
import io.grpc.ServerInterceptors;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * The gRPC server of a node: chat, node status, health and reflection on one port. Five nodes may
 * share two processors, so it has two event loops' and two callers' threads at most.
 */
public final class ChatServer implements AutoCloseable {

  private static final int THREADS = 2;
  private static final int MAX_WAITING = 1024;
  private static final int MAX_CALLS_A_CONNECTION = 256;
  private static final int MAX_REQUEST_BYTES = 256 * 1024;
  private static final long IDLE_SECONDS = 30;
  private static final long END_SECONDS = 2;

  private final Server server;
  private final EventLoopGroup accepting;
  private final EventLoopGroup serving;
  private final ExecutorService executor;
  private final PasswordHasher hasher;
  private final RaftNode.Registration registration;

  private ChatServer(Address address, RaftNode node, Supplier<StateDigest> digest) {
    accepting = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    serving = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    executor = executor();
    hasher = new PasswordHasher();
    HealthStatusManager health = new HealthStatusManager();
    SessionTokens tokens = new SessionTokens();
    Replication replication = new Replication(node);
    ChatGrpcService chat =
        new ChatGrpcService(replication, hasher, new LogIn(replication, hasher, tokens));
    server =
        NettyServerBuilder.forAddress(new InetSocketAddress(address.host(), address.port()))
            .bossEventLoopGroup(accepting)
            .workerEventLoopGroup(serving)
            .channelType(NioServerSocketChannel.class)
            .executor(executor)
            .maxConcurrentCallsPerConnection(MAX_CALLS_A_CONNECTION)
            .maxInboundMessageSize(MAX_REQUEST_BYTES)
            .addService(ServerInterceptors.intercept(chat, tokens))
            .addService(
                ServerInterceptors.intercept(new NodeGrpcService(node, digest), new OwnMachine()))
            .addService(health.getHealthService())
            .addService(ProtoReflectionServiceV1.newInstance())
            .build();
    registration = node.addListener(new HealthReporter(health));
  }

  /**
   * Starts to serve.
   *
   * @throws IOException if the address cannot be bound; the message names it
   */
  public static ChatServer start(Address address, RaftNode node, Supplier<StateDigest> digest)
      throws IOException {
    ChatServer server = new ChatServer(address, node, digest);
    try {
      server.server.start();
      return server;
    } catch (IOException e) {
      server.close();
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new IOException(
          "cannot serve chat clients on " + address + ": " + cause.getMessage(), e);
    }
  }

  private static ExecutorService executor() {
    // What finds the queue full runs on the event loop: nothing blocks here, and the loop reads no
    // further requests meanwhile.
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(
            THREADS,
            THREADS,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(MAX_WAITING),
            new ThreadPoolExecutor.CallerRunsPolicy());
    pool.allowCoreThreadTimeOut(true);
    return pool;
  }

  /** Where it listens, with the port that the system chose if it was asked to. */
  public int port() {
    return server.getPort();
  }

  @Override
  public void close() {
    registration.close();
    server.shutdownNow();
    try {
      server.awaitTermination(END_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    hasher.close();
    executor.shutdownNow();
    accepting.shutdownGracefully(0, END_SECONDS, TimeUnit.SECONDS);
    serving.shutdownGracefully(0, END_SECONDS, TimeUnit.SECONDS);
  }

  /** Health checking: the chat serves while this node is sound and knows a leader. */
  private static final class HealthReporter implements RaftListener {

    private final HealthStatusManager health;
    private boolean sound;
    private boolean led;

    HealthReporter(HealthStatusManager health) {
      this.health = health;
      report();
    }

    @Override
    public void onLeaderChanged(Optional<NodeId> leader, long term) {
      led = leader.isPresent();
      report();
    }

    @Override
    public void onConditionChanged(NodeCondition condition) {
      sound = condition instanceof NodeCondition.Working;
      report();
    }

    private void report() {
      health.setStatus(
          ChatServiceGrpc.SERVICE_NAME,
          sound && led ? ServingStatus.SERVING : ServingStatus.NOT_SERVING);
    }
  }
}
