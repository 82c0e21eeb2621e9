package dev.quorate.raft.engine.runtime;

import dev.quorate.raft.api.Outcome;
import dev.quorate.raft.api.RaftClient;
import dev.quorate.raft.api.RaftException;
import dev.quorate.raft.api.ReadConsistency;
import dev.quorate.raft.api.ReadOutcome;
import dev.quorate.raft.api.RejectReason;
import dev.quorate.raft.api.Session;
import dev.quorate.raft.api.SessionOutcome;
import dev.quorate.raft.api.transport.ClientContext;
import dev.quorate.raft.api.transport.ClientTransport;
import dev.quorate.raft.engine.message.ClientMessage;
import dev.quorate.raft.engine.message.Proposal;
import dev.quorate.raft.engine.routing.Router;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A client outside the cluster: feeds {@link Router}, turn by turn, and carries out what it wants.
 * Sessions are those of a node, with another way to the cluster.
 */
public final class RemoteClient implements RaftClient {

  private static final System.Logger LOG = System.getLogger(RemoteClient.class.getName());

  private static final String CLOSED = "the client is closed";

  private final Environment environment;
  private final ClientSettings settings;
  private final Callbacks callbacks;
  private final ClientTransport transport;
  private final Mailbox mailbox;
  private final Calls calls;
  private final RetryBudget budget;
  private final Sessions sessions;
  private final Router router;
  private final WakeUp wakeUp;
  private final AtomicLong pendingBytes = new AtomicLong();
  private final AtomicBoolean closeBegan = new AtomicBoolean();
  private final CompletableFuture<Void> closed = new CompletableFuture<>();
  private volatile boolean closing;

  private RemoteClient(
      ClientOptions options,
      ClientSettings settings,
      ClientTransport transport,
      Environment environment) {
    this.environment = environment;
    this.settings = settings;
    this.transport = transport;
    this.callbacks = new Callbacks(environment.callbacks());
    this.calls = new Calls(settings.calls().maxPendingCalls(), callbacks);
    this.mailbox = new Mailbox(environment.executor(), 1, () -> {}, this::endTurn, this::onFault);
    this.budget = new RetryBudget(settings.retryBudget(), environment.nanoTime());
    this.router =
        new Router(
            settings.group(),
            options.nodes(),
            now -> budget.take(now, 0) == now,
            environment.random(),
            new ClientLinks(
                transport,
                mailbox,
                new RateLimitedLog(LOG, environment),
                new LinkEvents(),
                this::end));
    this.wakeUp = new WakeUp(environment, mailbox::post);
    this.sessions =
        new Sessions(this::offer, () -> false, budget, environment, settings.calls(), callbacks);
  }

  /**
   * Starts a client. The environment belongs to it from then on and ends with it; if starting
   * fails, the environment is as it was.
   *
   * @throws dev.quorate.raft.api.config.ConfigurationException if a key is unknown or ill-valued,
   *     or the transport serves no clients
   */
  public static RemoteClient start(ClientOptions options, Environment environment) {
    ClientSettings settings = ClientSettings.of(options.settings(), options.transport().name());
    ClientTransport transport =
        options
            .transport()
            .client(
                new ClientContext(
                    options.name(),
                    options.cluster(),
                    settings.maxFrameBytes(),
                    options.settings()));
    RemoteClient client = new RemoteClient(options, settings, transport, environment);
    client.mailbox.post(() -> {});
    return client;
  }

  /** What links tell, in turns. */
  private final class LinkEvents implements ClientLinks.Events {
    @Override
    public void opened(long link) {
      router.onOpen(link, environment.nanoTime());
    }

    @Override
    public void received(long link, ClientMessage message) {
      router.onMessage(link, message, environment.nanoTime());
    }

    @Override
    public void closed(long link, String reason) {
      router.onClosed(link, reason, environment.nanoTime());
    }
  }

  // Calls.

  @Override
  public CompletableFuture<Outcome> submit(byte[] command) {
    return submit(command, settings.calls().callTimeout());
  }

  @Override
  public CompletableFuture<Outcome> submit(byte[] command, Duration deadline) {
    Call.Command call =
        new Call.Command(
            Proposal.command(ByteBuffer.wrap(command).asReadOnlyBuffer()),
            Deadlines.nanos(deadline, environment));
    return command.length > settings.calls().maxCommandBytes()
        ? CompletableFuture.completedFuture(sessions.tooLarge(command.length))
        : offer(call);
  }

  @Override
  public CompletableFuture<SessionOutcome> openSession() {
    return openSession(settings.calls().callTimeout());
  }

  @Override
  public CompletableFuture<SessionOutcome> openSession(Duration deadline) {
    return sessions.open(deadline);
  }

  @Override
  public Session resumeSession(Session.State state) {
    return sessions.resume(Objects.requireNonNull(state, "state"));
  }

  @Override
  public CompletableFuture<ReadOutcome> read(byte[] query) {
    return read(query, settings.calls().callTimeout());
  }

  @Override
  public CompletableFuture<ReadOutcome> read(byte[] query, Duration deadline) {
    return read(query, ReadConsistency.LINEARIZABLE, deadline);
  }

  @Override
  public CompletableFuture<ReadOutcome> read(byte[] query, ReadConsistency consistency) {
    return read(query, consistency, settings.calls().callTimeout());
  }

  @Override
  public CompletableFuture<ReadOutcome> read(
      byte[] query, ReadConsistency consistency, Duration deadline) {
    Objects.requireNonNull(consistency, "consistency");
    Call.Read call =
        new Call.Read(ByteBuffer.wrap(query), consistency, Deadlines.nanos(deadline, environment));
    if (query.length > settings.calls().maxCommandBytes()) {
      Outcome.Rejected why = sessions.tooLarge(query.length);
      return CompletableFuture.completedFuture(call.refused(why.reason(), why.message()));
    }
    return offer(call);
  }

  /** Takes a call, or refuses it. */
  private <T> CompletableFuture<T> offer(Call<T> call) {
    if (closing) {
      return CompletableFuture.completedFuture(call.refused(RejectReason.CLOSED, CLOSED));
    }
    if (!calls.reserve()) {
      return CompletableFuture.completedFuture(
          call.refused(
              RejectReason.OVER_LIMIT,
              settings.calls().maxPendingCalls() + " calls are under way already"));
    }
    long bytes = bytes(call);
    if (pendingBytes.addAndGet(bytes) > Math.max(bytes, settings.maxPendingBytes())) {
      pendingBytes.addAndGet(-bytes);
      calls.withdraw(call);
      return CompletableFuture.completedFuture(
          call.refused(
              RejectReason.OVER_LIMIT,
              "calls of "
                  + settings.maxPendingBytes()
                  + " bytes are under way already ("
                  + ClientSettings.MAX_PENDING_BYTES
                  + ")"));
    }
    mailbox.post(() -> take(call));
    if (closing && calls.withdraw(call)) {
      // The executor may have ended without running that task.
      return CompletableFuture.completedFuture(call.refused(RejectReason.CLOSED, CLOSED));
    }
    return call.future();
  }

  private static long bytes(Call<?> call) {
    return call instanceof Call.Read read
        ? read.query().remaining()
        : ((Call.Command) call).proposal().bytes();
  }

  private void take(Call<?> call) {
    if (closing) {
      calls.refuse(call, RejectReason.CLOSED, CLOSED);
    } else if (calls.add(call)) {
      router.call(message(call), call.deadlineNanos(), environment.nanoTime());
    }
  }

  private static ClientMessage.Call message(Call<?> call) {
    return call instanceof Call.Read read
        ? new ClientMessage.Query(read.number(), 1, read.consistency(), read.query())
        : new ClientMessage.Submit(call.number(), 1, ((Call.Command) call).proposal());
  }

  /** A call has its end. */
  private void end(ClientMessage end) {
    if (end instanceof ClientMessage.Submitted submitted) {
      if (submitted.outcome() instanceof Outcome.Applied) {
        budget.succeeded(environment.nanoTime());
      }
      calls
          .find(submitted.number(), Call.Command.class)
          .ifPresent(
              call -> {
                pendingBytes.addAndGet(-bytes(call));
                calls.end(call, submitted.outcome());
              });
    } else if (end instanceof ClientMessage.Answered answered) {
      if (answered.outcome() instanceof ReadOutcome.Answered) {
        budget.succeeded(environment.nanoTime());
      }
      calls
          .find(answered.number(), Call.Read.class)
          .ifPresent(
              call -> {
                pendingBytes.addAndGet(-bytes(call));
                calls.end(call, answered.outcome());
              });
    } else if (end instanceof ClientMessage.Failed failed) {
      calls
          .find(failed.number(), Call.Read.class)
          .ifPresent(
              call -> {
                pendingBytes.addAndGet(-bytes(call));
                calls.fail(call, new RaftException(failed.text()));
              });
    }
  }

  private void endTurn() {
    long now = environment.nanoTime();
    if (router.nextWakeUp() <= now) {
      router.onWakeUp(now);
    }
    wakeUp.at(router.nextWakeUp(), now);
  }

  /** Nothing that is known of links or calls can be relied upon any more. */
  private void onFault(Throwable cause) {
    LOG.log(Level.ERROR, "the client failed and is closed", cause);
    closeAsync();
  }

  // The end.

  @Override
  public CompletableFuture<Void> closeAsync() {
    if (closeBegan.compareAndSet(false, true)) {
      closing = true;
      sessions.stop().whenComplete((ended, failure) -> mailbox.post(this::stop));
    }
    return closed.copy();
  }

  private void stop() {
    try {
      wakeUp.cancel();
      router.stop(RejectReason.CLOSED, CLOSED);
    } finally {
      calls.all().forEach(call -> calls.abandon(call, RejectReason.CLOSED, CLOSED));
      environment
          .executor()
          .execute(
              () -> {
                try {
                  transport.close();
                } finally {
                  environment.shutDown(() -> closed.complete(null));
                }
              });
    }
  }

  @Override
  public void close() {
    CompletableFuture<Void> end = closeAsync();
    if (!callbacks.isCaller()) {
      end.join();
    }
  }
}
