package dev.quorate.raft.engine.runtime;

import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.NodeStatus;
import dev.quorate.raft.api.Outcome;
import dev.quorate.raft.api.RaftListener;
import dev.quorate.raft.api.RejectReason;
import dev.quorate.raft.api.metrics.Metric;
import dev.quorate.raft.api.metrics.RaftMetrics;
import dev.quorate.raft.api.transport.Link;
import dev.quorate.raft.engine.codec.SessionCodec;
import dev.quorate.raft.engine.message.ClientMessage;
import dev.quorate.raft.engine.message.ClusterId;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;

/**
 * Serves a group's clients that are outside the cluster: makes of their calls what a user of this
 * process makes, through the same gate, and tells them who leads and where the members are. For any
 * thread.
 */
final class ClientDesk {

  /** How often it is looked whether the members have changed, of which nobody tells. */
  private static final long LOOK_NANOS = 500_000_000;

  /** So many are told; they are enough to find the others. */
  static final int MAX_MEMBERS = 64;

  private final Host host;
  private final NodeLoop loop;
  private final EngineSettings settings;
  private final ClientKeys.Window window;
  private final RaftMetrics metrics;
  private final AtomicLong lastConnection = new AtomicLong();
  private final ConcurrentSkipListMap<Long, ClientConnection> connections =
      new ConcurrentSkipListMap<>();
  private final AtomicBoolean listening = new AtomicBoolean();
  private final AtomicBoolean looking = new AtomicBoolean();
  private volatile boolean closed;

  /** Guarded by this object's monitor. */
  private int clients;

  ClientDesk(Host host, NodeLoop loop, EngineSettings settings, RaftMetrics metrics) {
    this.host = host;
    this.loop = loop;
    this.settings = settings;
    this.window = settings.clients().perClient();
    this.metrics = metrics;
    count(0);
  }

  String group() {
    return settings.group();
  }

  int maxFrameBytes() {
    return settings.maxFrameBytes();
  }

  /** Why a client cannot be served, if it cannot. */
  Optional<String> hindrance(ClientMessage.Hello hello) {
    ClusterId mine = loop.clusterId();
    ClusterId wanted = hello.clusterId();
    boolean foreign =
        !wanted.equals(ClusterId.NONE) && !mine.equals(ClusterId.NONE) && !wanted.equals(mine);
    return foreign
        ? Optional.of("it is a client of cluster " + wanted + ", this node is of cluster " + mine)
        : Optional.empty();
  }

  /** A client is served from now on. */
  ClientConnection connect(Link link) {
    long number = lastConnection.incrementAndGet();
    ClientConnection connection = new ClientConnection(this, number, link, window);
    connections.put(number, connection);
    count(1);
    listen();
    connection.tell(news());
    if (closed) {
      link.close();
    }
    look();
    return connection;
  }

  void disconnected(long number) {
    if (connections.remove(number) != null) {
      count(-1);
    }
  }

  /** One at a time, so that what is told last is what is true last. */
  private synchronized void count(int more) {
    clients += more;
    if (!closed) {
      metrics.record(Metric.CLIENTS, clients);
    }
  }

  /** The group may be started again: links that end late are none of the next desk's. */
  private synchronized void countNoMore() {
    closed = true;
    metrics.record(Metric.CLIENTS, 0);
  }

  /** Serves nobody any more. */
  void close() {
    countNoMore();
    connections.values().forEach(ClientConnection::close);
  }

  /** Not before there is a client: a node without clients is what it was. */
  private void listen() {
    if (listening.compareAndSet(false, true)) {
      loop.board()
          .addListener(
              new RaftListener() {
                @Override
                public void onLeaderChanged(Optional<NodeId> leader, long term) {
                  tellAll();
                }
              });
    }
  }

  private void look() {
    if (!closed && !connections.isEmpty() && looking.compareAndSet(false, true)) {
      host.environment()
          .schedule(
              LOOK_NANOS,
              () -> {
                looking.set(false);
                tellAll();
                look();
              });
    }
  }

  private void tellAll() {
    if (!connections.isEmpty()) {
      ClientMessage.News news = news();
      connections.values().forEach(connection -> connection.tell(news));
    }
  }

  private ClientMessage.News news() {
    NodeStatus status = loop.board().status();
    return new ClientMessage.News(
        loop.clusterId(),
        status.node(),
        status.term(),
        status.leader(),
        window.calls(),
        window.bytes(),
        status.membership().version(),
        status.membership().members().stream()
            .limit(MAX_MEMBERS)
            .map(member -> new ClientMessage.Place(member.node(), member.address()))
            .toList());
  }

  /** Does what a client asks for, and tells how it ended. */
  void serve(ClientMessage.Call asked, BiConsumer<ClientMessage.Call, ClientMessage> answer) {
    long deadline = Deadlines.nanos(Duration.ofMillis(asked.waitMillis()), host.environment());
    if (asked instanceof ClientMessage.Submit submit) {
      Call.Command call = new Call.Command(submit.proposal(), deadline);
      offer(call, asked.bytes(), maxBytes(submit))
          .whenComplete(
              (outcome, failure) -> {
                Outcome end = failure == null ? outcome : new Outcome.Unknown(failure.toString());
                answer.accept(asked, new ClientMessage.Submitted(asked.number(), end));
              });
    } else {
      ClientMessage.Query query = (ClientMessage.Query) asked;
      Call.Read call = new Call.Read(query.query(), query.consistency(), deadline);
      offer(call, asked.bytes(), settings.maxCommandBytes())
          .whenComplete(
              (outcome, failure) ->
                  answer.accept(
                      asked,
                      failure == null
                          ? new ClientMessage.Answered(asked.number(), outcome)
                          : new ClientMessage.Failed(
                              asked.number(), String.valueOf(failure.getMessage()))));
    }
  }

  private int maxBytes(ClientMessage.Submit submit) {
    return switch (submit.proposal().type()) {
      case SESSION -> settings.maxCommandBytes() + SessionCodec.COMMAND_OVERHEAD_BYTES;
      default -> settings.maxCommandBytes();
    };
  }

  private <T> CompletableFuture<T> offer(Call<T> call, int bytes, int maxBytes) {
    if (bytes > maxBytes) {
      return CompletableFuture.completedFuture(
          call.refused(
              RejectReason.TOO_LARGE,
              bytes + " bytes are more than " + maxBytes + ", which is what this node takes"));
    }
    return loop.offer(call);
  }
}
