package dev.quorate.raft.testkit.internal.node;

import dev.quorate.raft.api.Membership;
import dev.quorate.raft.api.NodeCondition;
import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.NodeStatus;
import dev.quorate.raft.api.RaftNode;
import dev.quorate.raft.api.ReadConsistency;
import dev.quorate.raft.api.Role;
import dev.quorate.raft.api.StateMachine;
import dev.quorate.raft.api.metrics.RaftMetrics;
import dev.quorate.raft.api.storage.LogEntry;
import dev.quorate.raft.api.storage.WriteBatch;
import dev.quorate.raft.api.storage.WriteRecord;
import dev.quorate.raft.engine.message.Configuration;
import dev.quorate.raft.engine.message.MemberId;
import dev.quorate.raft.engine.runtime.EngineSettings;
import dev.quorate.raft.testkit.internal.storage.WatchedGroup;
import dev.quorate.raft.testkit.internal.storage.WatchedStorage;
import dev.quorate.raft.testkit.internal.trace.Trace.Event;
import dev.quorate.raft.testkit.internal.verdict.Violation;
import dev.quorate.raft.testkit.simulation.Fault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/** One group on one machine: its data outlives the nodes that run it, one at a time. */
public final class Replica {

  private static final String DATA = "/data";

  private final World world;
  private final NodeId id;
  private final NodeDisk disk;
  private final MachineVersion version;
  private final WatchedGroup data;
  private final NodeCalls calls;
  private Optional<FallibleStateMachine> stateMachine = Optional.empty();
  private final RandomGenerator transfers;
  private final Consumer<Milestone> milestones;
  private RaftNode node;
  private MemoryBounds bounds;
  private NodeStatus seen;
  private boolean closing;
  private boolean removed;
  private int installs;

  /**
   * A group without a node, on an empty disk.
   *
   * @param world the group's world
   * @param milestones is told what the node comes to
   */
  Replica(
      World world,
      NodeId id,
      NodeDisk disk,
      MachineVersion version,
      WatchedStorage storage,
      RandomGenerator transfers,
      Consumer<Milestone> milestones) {
    this.world = world;
    this.id = id;
    this.disk = disk;
    this.version = version;
    this.transfers = transfers;
    this.milestones = milestones;
    this.calls = new NodeCalls(world, id);
    this.data =
        storage.watch(world.group(), new DataWatcher(), world.invariants().ledger()::committedAt);
    world.invariants().watch(id, data);
  }

  private final class DataWatcher implements WatchedStorage.Watcher {
    @Override
    public void writing(WriteBatch batch) {
      world.trace().add(Event.WRITE, id, batch.sequence(), batch.records().size(), batch);
      if (isUp()) {
        bounds.writing(batch, isLeader() ? status().term() : 0, calls.lastApplied());
      }
      for (WriteRecord record : batch.records()) {
        installs += record instanceof WriteRecord.InstallSnapshot ? 1 : 0;
      }
    }

    @Override
    public void truncating(LogEntry entry, long term) {
      world.invariants().truncating(id, term, entry);
    }

    @Override
    public void forced() {
      long entries = durableEntries();
      world
          .trace()
          .add(Event.FORCED, id, entries, 0, "up to index " + entries + " in " + durableTerm());
      world.invariants().forced(id);
    }
  }

  World world() {
    return world;
  }

  /** The machine's id. */
  public NodeId id() {
    return id;
  }

  /** The data directory of the present process, or of the last one that is gone. */
  public Path directory() {
    return disk.path(DATA);
  }

  /**
   * The empty disk gets what was restored from a backup.
   *
   * @param files its files, by their paths in the data directory
   * @param index the backup's index
   */
  public void restored(Map<String, byte[]> files, long index) {
    files.forEach((file, content) -> disk.put(DATA + file, content));
    data.restored(index);
  }

  /** What the next node holds in memory, under observation. */
  RaftMetrics newBounds() {
    bounds =
        new MemoryBounds(
            id, EngineSettings.of(world.settings().of(id), "simulated", world.storage().name()));
    return bounds;
  }

  /** A state machine for the next node, under observation. */
  StateMachine newStateMachine() {
    FallibleStateMachine next =
        new FallibleStateMachine(
            calls.newMachine(), () -> world.struck().accept(Fault.FAILING_APPLY), world.violated());
    stateMachine = Optional.of(next);
    return next;
  }

  /** Its state machine does not fail any more, unless it has. */
  void calmDown() {
    stateMachine.ifPresent(FallibleStateMachine::calmDown);
  }

  /** Its state machine fails at the next command. */
  void failApply(FallibleStateMachine.Failure failure) {
    stateMachine.ifPresent(it -> it.failNext(failure));
  }

  /** The disk was replaced by an empty one. */
  void wiped(MemberId lost) {
    world.invariants().wiped(lost);
  }

  /** A process begins, in which no node runs yet. */
  void booted() {
    world.invariants().booted(id, version.running());
    seen = null;
    closing = false;
    removed = false;
  }

  /** The process runs this node from now on. */
  void runs(RaftNode started) {
    node = started;
    closing = false;
  }

  /** The node is to end, for good or to begin again. */
  void closing() {
    closing = true;
  }

  /** The node is gone, with all that waits for it. */
  void ended() {
    node = null;
    calls.lost();
  }

  /** The disk refuses the group, because it was removed. */
  void refused() {
    removed = true;
  }

  /** Whether a node runs. */
  public boolean isUp() {
    return node != null;
  }

  /** Whether a node runs that is not about to end. */
  public boolean isServing() {
    return node != null && !closing;
  }

  /** Whether the disk of the running process has said that the group is removed. */
  public boolean isRemoved() {
    return removed;
  }

  /** Whether the group has the data that it had, on the disk that it had first. */
  public boolean isSound() {
    return !disk.isDamaged() && !disk.isReplaced() && !data.isLeaving();
  }

  /** Whether it should run and does not, or has given up, so that only a restart helps. */
  boolean isBroken() {
    return !removed && (!isServing() || status().condition() instanceof NodeCondition.Degraded);
  }

  /** The machine with its present disk. */
  public MemberId member() {
    return new MemberId(id, data.incarnation());
  }

  /** The running node. */
  public RaftNode node() {
    return node;
  }

  /** What the running node says of itself. */
  public NodeStatus status() {
    return node.status();
  }

  /** The feature level that the running process supports. */
  public int level() {
    return version.running();
  }

  /** Whether its log names a feature level that the running process does not support. */
  boolean isOutdated() {
    Map.Entry<Long, Configuration> last = data.model().writtenConfigurations().lastEntry();
    return last != null && last.getValue().level() > level();
  }

  /** Whether it leads, as far as it knows. */
  public boolean isLeader() {
    return isServing() && status().role() == Role.LEADER;
  }

  /** What the disk promised. */
  public WatchedGroup data() {
    return data;
  }

  /** The number of entries that the disk will not lose. */
  public int durableEntries() {
    return data.model().durableEntries().size();
  }

  /** The term that the disk will not lose. */
  long durableTerm() {
    return data.model().durableState().term();
  }

  /** How often a snapshot of another node took the place of its log. */
  public int installs() {
    return installs;
  }

  /**
   * Submits a command.
   *
   * @param applied is told when it was acknowledged
   */
  public void submit(byte[] payload, Duration deadline, Runnable applied) {
    calls.submit(node, payload, deadline, applied);
  }

  /** Reads. */
  public void read(byte[] query, ReadConsistency consistency, Duration deadline) {
    calls.read(node, query, consistency, deadline);
  }

  /** How many calls wait for their end. */
  public long openCalls() {
    return calls.open();
  }

  /** Asks it to hand its leadership over: to the target, to whoever is best, or to step down. */
  public void transferTo(NodeId target, Duration deadline) {
    switch (transfers.nextInt(4)) {
      case 0 -> node.stepDown(deadline);
      case 1 -> node.transferLeadership(deadline);
      default -> node.transferLeadership(target, deadline);
    }
  }

  /** Asks it to take a snapshot, which must be on its disk when it says so (I14). */
  public void takeSnapshot(Duration deadline) {
    calls.takeSnapshot(node, data.snapshots(), deadline);
  }

  /** A turn of the process is over. */
  void look() {
    if (!isUp()) {
      return;
    }
    NodeStatus view = node.status();
    if (seen == null || view.term() != seen.term() || view.role() != seen.role()) {
      int role = view.role().ordinal();
      world.trace().add(Event.ROLE, id, view.term(), role, view.role() + " in " + view.term());
      if (view.role() == Role.LEADER) {
        milestones.accept(Milestone.ELECTED);
      }
    }
    if (seen == null || view.commitIndex() != seen.commitIndex()) {
      long commit = view.commitIndex();
      world
          .trace()
          .add(Event.COMMIT, id, commit, view.term(), "index " + commit + " in " + view.term());
    }
    seen = view;
    bounds.turned(view.peers().size());
    world.invariants().turned(id, view);
    Violation.unless(
        !(view.condition() instanceof NodeCondition.Degraded)
            || disk.explainsDegraded()
            || isOutdated()
            || stateMachine.filter(FallibleStateMachine::hasFailed).isPresent()
            || world.invariants().lostMajority(view.membership()),
        "I18",
        () -> id + " is degraded for no reason: " + view);
  }

  /** Whether no change of members is under way, as far as it knows. */
  public boolean isSettled() {
    Membership membership = status().membership();
    return membership.committed() && membership.phase() == Membership.Phase.STEADY;
  }

  @Override
  public String toString() {
    return id + (isUp() ? ": " + status() : removed ? ": removed" : ": down") + ", " + data.model();
  }
}
