package dev.quorate.raft.engine.runtime;

import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.RaftNode;
import java.io.IOException;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

/**
 * The groups of a host, from their start to their end. All methods may be called by any thread, at
 * the same time; a group's name is taken from before its log is opened until that is closed.
 */
public final class LocalHost {

  private final HostOptions options;
  private final EngineSettings settings;
  private final Host host;
  private final Callbacks callbacks;
  private final ConcurrentSkipListMap<String, Slot> slots = new ConcurrentSkipListMap<>();
  private final CompletableFuture<Void> closed = new CompletableFuture<>();

  /** Guarded by this, as is the adding of slots. */
  private boolean closing;

  /** The place of a group: what became of its start, and of its end. */
  private static final class Slot {
    private final String group;

    /** The node; nothing if it could not start. */
    private final CompletableFuture<Optional<LocalNode>> started = new CompletableFuture<>();

    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private final AtomicBoolean ending = new AtomicBoolean();

    private Slot(String group) {
      this.group = group;
    }

    private Optional<LocalNode> node() {
      return ending.get() ? Optional.empty() : started.getNow(Optional.empty());
    }
  }

  private LocalHost(
      HostOptions options, EngineSettings settings, Host host, Environment environment) {
    this.options = options;
    this.settings = settings;
    this.host = host;
    this.callbacks = new Callbacks(environment.callbacks());
  }

  /**
   * Opens storage and transport, and listens. The environment belongs to the host from then on and
   * ends with it; if opening fails, nothing is left and the environment is as it was.
   *
   * @param options what the host is opened with
   * @param environment its threads and clocks
   * @return a host without groups
   * @throws IOException if the storage cannot be opened or the address not be bound
   */
  public static LocalHost open(HostOptions options, Environment environment) throws IOException {
    EngineSettings settings =
        EngineSettings.of(options.settings(), options.transport().name(), options.storage().name());
    Host host = Host.open(options, settings, environment);
    boolean listens = false;
    try {
      host.listen();
      listens = true;
      return new LocalHost(options, settings, host, environment);
    } finally {
      if (!listens) {
        host.abort();
      }
    }
  }

  /** Opens a host for one node, with which it ends. */
  static LocalNode startAlone(NodeOptions options, Environment environment) throws IOException {
    LocalHost host = open(options.host(), environment);
    boolean started = false;
    try {
      LocalNode node = host.start(options, slot -> host.closeAsync());
      started = true;
      return node;
    } finally {
      if (!started) {
        host.host.abort();
      }
    }
  }

  /**
   * What the host was opened with.
   *
   * @return the options
   */
  public HostOptions options() {
    return options;
  }

  /**
   * Starts a group's node. Returns when its log is read; a leader may still be missing.
   *
   * @param node what it is started with, made by {@link HostOptions#node}
   * @return the node
   * @throws IllegalStateException if the host is closed, has the group already, or has as many as
   *     it may have
   * @throws IOException if the group's data cannot be opened; other groups go on
   */
  public LocalNode start(NodeOptions node) throws IOException {
    return start(node, this::endForUser);
  }

  private LocalNode start(NodeOptions node, Function<Slot, CompletableFuture<Void>> ending)
      throws IOException {
    EngineSettings own =
        EngineSettings.of(node.settings(), options.transport().name(), options.storage().name());
    Slot slot = reserve(own.group());
    Optional<LocalNode> started = Optional.empty();
    try {
      NodeLoop loop = new NodeLoop(host, node, own, callbacks);
      loop.start();
      host.gate().clients().open(new ClientDesk(host, loop, own, host.guarded(node.metrics())));
      started =
          Optional.of(
              new LocalNode(
                  options.id(),
                  host.environment(),
                  loop,
                  own,
                  callbacks,
                  () -> ending.apply(slot)));
      return started.get();
    } finally {
      if (started.isEmpty()) {
        host.withdraw(slot.group);
        slots.remove(slot.group, slot);
      }
      slot.started.complete(started);
    }
  }

  /**
   * Deletes the data of a group that does not run.
   *
   * @param group the group's id
   * @return whether there was any
   * @throws IllegalStateException if the host is closed or has the group
   * @throws IOException if that failed; other groups go on
   */
  public boolean remove(String group) throws IOException {
    Slot slot;
    synchronized (this) {
      checkOpen(group, "be removed");
      if (slots.containsKey(group)) {
        throw new IllegalStateException(
            "group '"
                + group
                + "' cannot be removed while it runs on host "
                + options.id()
                + ": close it first");
      }
      slot = take(group);
    }
    try {
      return host.remove(group);
    } finally {
      slots.remove(group, slot);
      slot.started.complete(Optional.empty());
    }
  }

  private void checkOpen(String group, String what) {
    if (closing) {
      throw new IllegalStateException(
          "group '" + group + "' cannot " + what + ": host " + options.id() + " is closed");
    }
  }

  private Slot take(String group) {
    Slot slot = new Slot(group);
    slots.put(group, slot);
    return slot;
  }

  private synchronized Slot reserve(String group) {
    checkOpen(group, "start");
    if (slots.containsKey(group)) {
      throw new IllegalStateException(
          "group '" + group + "' is on host " + options.id() + " already");
    }
    if (slots.size() >= settings.maxGroups()) {
      throw new IllegalStateException(
          "group '"
              + group
              + "' cannot start: host "
              + options.id()
              + " has "
              + slots.size()
              + " groups already ("
              + EngineSettings.MAX_GROUPS
              + ")");
    }
    return take(group);
  }

  /**
   * The groups that run.
   *
   * @return a copy, by name
   */
  public SortedMap<String, RaftNode> groups() {
    SortedMap<String, RaftNode> running = new TreeMap<>();
    slots.forEach((group, slot) -> slot.node().ifPresent(node -> running.put(group, node)));
    return running;
  }

  private CompletableFuture<Void> end(Slot slot) {
    if (slot.ending.compareAndSet(false, true)) {
      slot.started
          .thenCompose(
              node ->
                  node.isPresent()
                      ? node.get().stop().thenCompose(stopped -> release(slot.group))
                      : CompletableFuture.completedFuture(null))
          .whenComplete(
              (done, failure) -> {
                slots.remove(slot.group, slot);
                slot.ended.complete(null);
              });
    }
    return slot.ended;
  }

  /** The group has stopped: its clients find another node, and its log is closed. */
  private CompletableFuture<Void> release(String group) {
    host.gate().clients().close(group);
    return host.release(group);
  }

  /** Ends a group and tells on a user's thread, at the latest when the host is closed. */
  private CompletableFuture<Void> endForUser(Slot slot) {
    CompletableFuture<Void> told = new CompletableFuture<>();
    end(slot).whenComplete((done, failure) -> callbacks.execute(() -> told.complete(null)));
    closed.whenComplete((done, failure) -> told.complete(null));
    return told;
  }

  /**
   * Takes no more groups, hands over what they lead, and closes all. Idempotent.
   *
   * @return completes when nothing is open any more; completing or cancelling it reaches nothing
   */
  public CompletableFuture<Void> closeAsync() {
    synchronized (this) {
      if (closing) {
        return closed.copy();
      }
      closing = true;
    }
    CompletableFuture.allOf(
            slots.values().stream().map(this::end).toArray(CompletableFuture[]::new))
        .thenCompose(ended -> host.close())
        .whenComplete((done, failure) -> host.environment().shutDown(() -> closed.complete(null)));
    return closed.copy();
  }

  /** Closes and waits for it, unless a callback or a state machine calls, which it waits for. */
  public void close() {
    boolean mayWait = !callbacks.isCaller() && !isCalledByStateMachine();
    CompletableFuture<Void> end = closeAsync();
    if (mayWait) {
      end.join();
    }
  }

  private boolean isCalledByStateMachine() {
    return slots.values().stream()
        .flatMap(slot -> slot.started.getNow(Optional.empty()).stream())
        .anyMatch(LocalNode::isCalledByStateMachine);
  }

  /**
   * Which node this host is.
   *
   * @return the id
   */
  public NodeId id() {
    return options.id();
  }
}
