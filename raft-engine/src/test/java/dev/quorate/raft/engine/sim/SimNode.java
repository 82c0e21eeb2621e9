package dev.quorate.raft.engine.sim;

import dev.quorate.raft.api.ApplyContext;
import dev.quorate.raft.api.GroupSettings;
import dev.quorate.raft.api.MembershipChange;
import dev.quorate.raft.api.MembershipOutcome;
import dev.quorate.raft.api.NodeCondition;
import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.NodeStatus;
import dev.quorate.raft.api.Outcome;
import dev.quorate.raft.api.ReadConsistency;
import dev.quorate.raft.api.ReadOutcome;
import dev.quorate.raft.api.Snapshot;
import dev.quorate.raft.api.StateMachine;
import dev.quorate.raft.api.config.Settings;
import dev.quorate.raft.engine.formation.ListedNode;
import dev.quorate.raft.engine.runtime.LocalNode;
import dev.quorate.raft.engine.runtime.NodeOptions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/** The node that ships, on a simulated disk, network and clock; it can lose power at any step. */
final class SimNode {

  private static final Duration DEADLINE = Duration.ofMillis(900);
  private static final Settings SETTINGS =
      Settings.of(
          Map.of(
              "raft.max-command-bytes", "512B",
              "raft.max-batch-bytes", "1KiB",
              "raft.max-in-flight-bytes", "3KiB",
              "raft.max-uncommitted-bytes", "8KiB",
              "raft.max-pending-calls", "50",
              "raft.entry-cache-bytes", "1KiB",
              "raft.snapshot.after-entries", "15",
              "raft.snapshot.tail-entries", "5",
              "raft.snapshot.keep", "1"));

  private final ListedNode listed;
  private List<ListedNode> all;
  private final Agenda agenda;
  private final RandomGenerator random;
  private final Invariants invariants;
  private final SimNetwork network;
  private final SimStorage storage;
  private final History history;
  private final Settings settings;
  private final TreeSet<Long> openCommands = new TreeSet<>();
  private SimEnvironment environment;
  private LocalNode node;
  private NodeStatus judged;
  private boolean calm;
  private int level = 1;
  private boolean closing;

  SimNode(
      ListedNode listed,
      List<ListedNode> all,
      Agenda agenda,
      RandomGenerator random,
      Invariants invariants,
      SimNetwork network,
      History history,
      boolean restful) {
    this.listed = listed;
    this.all = all;
    this.agenda = agenda;
    this.random = random;
    this.invariants = invariants;
    this.network = network;
    this.history = history;
    this.settings = restful ? SETTINGS.with("raft.quiet-after", "100ms") : SETTINGS;
    this.storage =
        new SimStorage(random, invariants::committedAt, () -> invariants.forced(listed.id()));
    invariants.watch(listed.id(), storage);
  }

  NodeId id() {
    return listed.id();
  }

  boolean isUp() {
    return node != null;
  }

  SimStorage storage() {
    return storage;
  }

  SimSpace space() {
    return storage.space();
  }

  /** Whether the running node was told to close. */
  boolean isClosing() {
    return closing;
  }

  NodeStatus status() {
    return node.status();
  }

  void start() {
    invariants.restarted(id());
    environment = new SimEnvironment(agenda, random, this::judge, this::crash);
    if (calm) {
      environment.calmDown();
    }
    NodeOptions options =
        new NodeOptions(
                id(),
                "sim",
                all,
                listed.address(),
                new Judge(),
                Path.of("nowhere"),
                listed.address(),
                "a simulation",
                network,
                storage,
                settings)
            .withLevel(level);
    try {
      node = LocalNode.start(options, environment);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** The node, which is down, will be started as a version that supports the next feature level. */
  void upgrade() {
    level = 2;
  }

  int level() {
    return level;
  }

  /** The node, which is down, gets an empty disk, and is going to join whoever is there. */
  void wipe(List<SimNode> others) {
    all = others.stream().map(node -> node.listed).filter(node -> !node.equals(listed)).toList();
    storage.wipe();
    invariants.wiped(id());
  }

  /** Asks this node to change the members, and tells how that ended. */
  void change(List<MembershipChange> wishes, Consumer<MembershipOutcome> ended) {
    node.membership().change(wishes, DEADLINE).thenAccept(ended);
  }

  /** Ends the node as its user would; it may lose power meanwhile. */
  void close() {
    closing = true;
    node.closeAsync().thenRun(this::ended);
  }

  private void ended() {
    node = null;
    judged = null;
    closing = false;
    storage.disk().crash(random);
    List<Long> pending = List.copyOf(openCommands);
    // Futures end as tasks of their own.
    agenda.after(
        0,
        () ->
            Invariants.check(
                pending.stream().noneMatch(openCommands::contains),
                "P19",
                () -> id() + " is closed, and calls have not ended"));
  }

  /** Power goes: what was not forced may be lost, and every call of this process with it. */
  void crash() {
    environment.kill();
    network.down(id());
    node = null;
    judged = null;
    closing = false;
    storage.disk().crash(random);
    invariants.forced(id());
    openCommands.forEach(command -> history.ended(command, new Outcome.Unknown("crashed")));
    openCommands.clear();
  }

  /** No more stalls and no more losses of power. */
  void calmDown() {
    calm = true;
    storage.lossesPerThousandForces(0);
    if (isUp()) {
      environment.calmDown();
    }
  }

  void submit(long command) {
    history.submitted(command);
    openCommands.add(command);
    byte[] bytes = ByteBuffer.allocate(Long.BYTES + random.nextInt(64)).putLong(0, command).array();
    node.submit(bytes, DEADLINE)
        .thenAccept(
            outcome -> {
              if (openCommands.remove(command)) {
                history.ended(command, outcome);
              }
            });
  }

  void read() {
    read(ReadConsistency.LINEARIZABLE);
  }

  void readByLease() {
    read(ReadConsistency.LEASE);
  }

  void changeSettings(GroupSettings next) {
    node.changeSettings(next, DEADLINE)
        .thenAccept(
            outcome -> {
              if (outcome instanceof Outcome.Applied) {
                history.settingsChanged(next.version());
              }
            });
  }

  private void read(ReadConsistency consistency) {
    long atLeast = history.readBegins();
    node.read(new byte[0], consistency, DEADLINE)
        .thenAccept(
            outcome -> {
              if (outcome instanceof ReadOutcome.Answered answered) {
                long seen = ByteBuffer.wrap(answered.value()).getLong();
                history.readEnds(atLeast, seen);
              } else {
                history.readRefused(id() + " " + outcome);
              }
            });
  }

  void transferTo(NodeId target) {
    node.transferLeadership(target, Duration.ofSeconds(1));
  }

  private void judge() {
    String overdrawn = storage.space().overdrawn();
    Invariants.check(overdrawn.isEmpty(), "I17", () -> id() + " wrote " + overdrawn);
    if (node == null) {
      return;
    }
    NodeStatus status = node.status();
    if (status != judged) {
      judged = status;
      // Who is far behind counts a replaced disk among its voters (rule P1), until it hears more.
      Invariants.check(
          !(status.condition() instanceof NodeCondition.Degraded) || invariants.anyWiped(),
          "I18",
          () -> id() + " is degraded: " + status.condition());
      invariants.afterTurn(id(), status);
    }
  }

  /** The last command it applied is its state, and a digest of all of them. */
  private final class Judge implements StateMachine {

    private long lastIndex;
    private long digest;

    @Override
    public byte[] apply(ApplyContext context, ByteBuffer command) {
      invariants.applied(id(), context, command);
      lastIndex = context.index();
      digest = Invariants.digest(digest, lastIndex, command);
      return new byte[0];
    }

    @Override
    public byte[] query(ByteBuffer query) {
      return ByteBuffer.allocate(Long.BYTES).putLong(lastIndex).array();
    }

    @Override
    public Optional<Snapshot> capture() {
      byte[] state = ByteBuffer.allocate(2 * Long.BYTES).putLong(lastIndex).putLong(digest).array();
      return Optional.of(out -> out.write(state));
    }

    @Override
    public void restore(InputStream in) throws IOException {
      ByteBuffer state = ByteBuffer.wrap(in.readAllBytes());
      long restoredIndex = state.getLong();
      Invariants.check(
          restoredIndex >= lastIndex, "I5", () -> id() + " goes back to " + restoredIndex);
      lastIndex = restoredIndex;
      digest = state.getLong();
      invariants.restored(id(), lastIndex, digest);
    }
  }
}
