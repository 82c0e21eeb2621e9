package dev.quorate.raft.testkit.internal.node;

import dev.quorate.raft.api.Address;
import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.NodeStatus;
import dev.quorate.raft.api.RaftNode;
import dev.quorate.raft.api.ReadConsistency;
import dev.quorate.raft.api.storage.CorruptionException;
import dev.quorate.raft.engine.formation.ListedNode;
import dev.quorate.raft.engine.message.MemberId;
import dev.quorate.raft.testkit.disk.DiskFault;
import dev.quorate.raft.testkit.disk.FaultPlan;
import dev.quorate.raft.testkit.disk.SimulatedCrash;
import dev.quorate.raft.testkit.internal.node.FallibleStateMachine.Failure;
import dev.quorate.raft.testkit.internal.storage.LogModel;
import dev.quorate.raft.testkit.internal.storage.WatchedStorage;
import dev.quorate.raft.testkit.internal.time.NodeClock;
import dev.quorate.raft.testkit.internal.time.Randomness;
import dev.quorate.raft.testkit.internal.trace.Trace.Event;
import dev.quorate.raft.testkit.internal.verdict.Violation;
import dev.quorate.raft.testkit.simulation.Fault;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/** A machine: its disk and clocks outlive the processes that it runs, one at a time. */
public final class SimulatedNode {

  private static final long CLOCK_ORIGIN_NANOS = 1L << 50;

  private final World world;
  private ListedNode listed;
  private final Randomness randomness;
  private final RandomGenerator random;
  private final NodeClock clock;
  private final NodeDisk disk;
  private final MachineVersion version = new MachineVersion();
  private final WatchedStorage storage;
  private final Replica main;
  private final ProcessGroups groups;
  private final List<ListedNode> founders;
  private SimulatedProcess process;
  private int boots;
  private boolean closing;
  private Consumer<Milestone> milestones = milestone -> {};
  private int latePerMille;
  private long maxLateNanos = 1;
  private List<ListedNode> others;

  /**
   * A machine with an empty disk, switched off.
   *
   * @param world the world of the group that is judged in full
   * @param further those of the other groups on this machine
   * @param founders the list that groups are begun with
   */
  public SimulatedNode(
      World world,
      List<World> further,
      ListedNode listed,
      List<ListedNode> founders,
      Randomness randomness) {
    this.world = world;
    this.listed = listed;
    this.founders = List.copyOf(founders);
    this.others = this.founders;
    this.randomness = randomness;
    this.random = randomness.stream("machine");
    RandomGenerator transfers = randomness.stream("transfers");
    this.clock =
        new NodeClock(
            world.agenda(), random.nextLong(CLOCK_ORIGIN_NANOS), random.nextLong(1L << 40));
    this.disk = new NodeDisk(randomness);
    this.storage = new WatchedStorage(world.storage(), disk);
    this.main = replica(world, transfers);
    this.groups =
        new ProcessGroups(
            this.founders,
            storage,
            main,
            further.stream().map(it -> replica(it, randomness.stream(it.group()))).toList());
  }

  private Replica replica(World of, RandomGenerator transfers) {
    return new Replica(
        of, id(), disk, version, storage, transfers, milestone -> milestones.accept(milestone));
  }

  private final class ProcessOwner implements SimulatedProcess.Owner {
    @Override
    public void turned() {
      groups.all().forEach(Replica::look);
    }

    @Override
    public void crashed(SimulatedCrash crash) {
      diedInTurn(crash);
    }

    @Override
    public void late() {
      world.struck().accept(Fault.LATE_TURNS);
    }

    @Override
    public long takeStallNanos() {
      return disk.takeStallNanos();
    }
  }

  /** The node's id. */
  public NodeId id() {
    return listed.id();
  }

  /** Its member of the first group. */
  public Replica main() {
    return main;
  }

  /** Whether its process runs. */
  public boolean isUp() {
    return main.isUp();
  }

  /** Whether its process runs and is not about to end. */
  public boolean isServing() {
    return isUp() && !closing;
  }

  /** The node that its process runs; only while it is up. */
  public RaftNode node() {
    return main.node();
  }

  /** Its process, or the last one, by number. */
  public int boots() {
    return boots;
  }

  /** Whether that process of it still runs. */
  public boolean isBoot(int boot) {
    return isUp() && boots == boot;
  }

  /** Whether its disk lost, or may have lost, what was forced. */
  public boolean isDamaged() {
    return disk.isDamaged();
  }

  /** The version of its processes. */
  public MachineVersion version() {
    return version;
  }

  /** Whether its process runs and is of a version that a group has left behind. */
  public boolean isOutdated() {
    return isUp() && groups.all().anyMatch(Replica::isOutdated);
  }

  /** Whether its disk is another than the first. */
  public boolean isReplaced() {
    return disk.isReplaced();
  }

  /** The machine with its present disk. */
  public MemberId member() {
    return main.member();
  }

  /** Its place in a list of nodes. */
  public ListedNode listed() {
    return listed;
  }

  /** What its log promised. */
  public LogModel log() {
    return main.data().model();
  }

  /** What it says of itself; only while it is up. */
  public NodeStatus status() {
    return main.status();
  }

  /** Who is told when it comes to a milestone; nobody else is. */
  public void watch(Consumer<Milestone> listener) {
    milestones = listener;
  }

  /** What strikes its disk's operations from now on. */
  public void trouble(FaultPlan plan) {
    disk.trouble(plan);
  }

  /** Only so many bytes can be added to its disk from now on. */
  public void fill(long bytes) {
    disk.fill(bytes);
  }

  /** There is room on its disk. */
  public void makeRoom() {
    disk.makeRoom();
  }

  /** Its disk is mounted read-only, or writable again. */
  public void readOnly(boolean now) {
    disk.readOnly(now);
  }

  /** Its process dies in the middle of a disk operation, so many operations later. */
  public void dieInCall(int operation) {
    disk.dieInCall(operation);
  }

  /** The next force on its disk says that all is well, and it is not. */
  public void lie(DiskFault kind) {
    world.trace().add(Event.FAULT, id(), kind.ordinal(), 1, "the next force: " + kind);
    disk.lie(kind);
  }

  /** How often a fault really struck its disks. */
  public long strikes(DiskFault fault) {
    return disk.strikes(fault);
  }

  /** Nothing strikes it from now on; what happened before stays. */
  public void calmDown() {
    main.calmDown();
    disk.calmDown();
    clock.drift(0);
    lateness(0, 1);
  }

  /** Whether its process runs and a group has given up, so that only a restart helps. */
  public boolean isBroken() {
    return isUp() && groups.all().anyMatch(Replica::isBroken);
  }

  /** Whether its process runs and has given up, or will as soon as it learns of its disk. */
  public boolean isDoomed() {
    return isBroken() || isUp() && groups.all().anyMatch(replica -> replica.data().hasFailed());
  }

  /** Whether its process is stopped, or one of its actors waits for the disk. */
  public boolean isHeldUp() {
    return isUp() && process.isHeldUp();
  }

  /** Its clocks. */
  public NodeClock clock() {
    return clock;
  }

  /** The number of entries that its disk will not lose. */
  public int durableEntries() {
    return main.durableEntries();
  }

  /** How many turns of its process are late, and how much at most. */
  public void lateness(int perMille, long maxNanos) {
    latePerMille = perMille;
    maxLateNanos = maxNanos;
    if (isUp()) {
      process.lateness(perMille, maxNanos);
    }
  }

  /** Starts its process. A disk that cannot be used, or that dies again, leaves it down. */
  public void start() {
    boots++;
    disk.booted();
    version.booted();
    String boot = "boot " + boots + " in " + main.durableTerm();
    world.trace().add(Event.START, id(), boots, 0, boot);
    groups.all().forEach(Replica::booted);
    closing = false;
    process =
        new SimulatedProcess(
            world.agenda(), clock, randomness.part("boot " + boots), new ProcessOwner());
    process.lateness(latePerMille, maxLateNanos);
    try {
      groups.start(listed, main.directory(), others, process);
      disk.takeStallNanos();
      if (!storage.failedWhenOpening()) {
        disk.opened();
      }
      world
          .trace()
          .add(Event.STARTED, id(), boots, durableEntries(), boot + ", log " + durableEntries());
      milestones.accept(Milestone.STARTED);
    } catch (SimulatedCrash crash) {
      diedInTurn(crash);
    } catch (IOException e) {
      world.trace().add(Event.REFUSED, id(), boots, 0, e.getMessage());
      explain(e);
      end(false);
      disk.kill();
    }
  }

  /** A disk may refuse only what a fault of it explains (I19). */
  void explain(IOException refusal) {
    boolean explained =
        disk.isDamaged() || disk.explainsRefusal() && !(refusal instanceof CorruptionException);
    Violation.unless(explained, "I19", () -> id() + " refuses a sound disk: " + refusal);
  }

  private void diedInTurn(SimulatedCrash crash) {
    boolean power = random.nextBoolean();
    world.trace().add(Event.CRASH, id(), power ? 2 : 1, 1, crash.getMessage());
    end(!power);
    if (power) {
      disk.losePower();
    } else {
      disk.kill();
    }
  }

  /** Its process is killed: what it wrote stays in the machine's page cache. */
  public void kill() {
    world.trace().add(Event.CRASH, id(), 1, 0, "killed");
    end(true);
    disk.kill();
  }

  /** Its power goes: what was not forced may be lost. Also of a machine without a process. */
  public void losePower() {
    world.trace().add(Event.CRASH, id(), 2, 0, "power lost");
    if (isUp()) {
      end(false);
    }
    disk.losePower();
  }

  /** Its disk is replaced by an empty one. */
  public void wipe() {
    losePower();
    world.trace().add(Event.FAULT, id(), boots, 0, "disk wiped");
    MemberId lost = member();
    disk.replace();
    storage.wiped();
    groups.all().forEach(replica -> replica.wiped(lost));
  }

  /** Its next process listens at another address. */
  public void moveTo(Address elsewhere) {
    listed = new ListedNode(id(), elsewhere);
  }

  /** Whom it asks as long as it has nothing of the log, where they were when it was told. */
  public List<ListedNode> contacts() {
    return others;
  }

  /** From its next start on it asks those, as long as it has nothing of the log. */
  public void joinsBy(List<ListedNode> contacts) {
    others = List.copyOf(contacts);
  }

  /**
   * A bit turns on its disk, once its process is killed; from now on it may refuse to start. Tells
   * whether it did: not if the sector was still in the page cache, or there is no file.
   */
  public boolean flipBit(RandomGenerator source) {
    if (isUp()) {
      kill();
    }
    return disk.flipBit(source);
  }

  /** A sector of its disk cannot be read any more; tells whether one could be struck. */
  public boolean spoilSector(RandomGenerator source) {
    return disk.spoilSector(source);
  }

  /** Its process is asked to end. */
  public void close() {
    world.trace().add(Event.CLOSE, id(), boots, 0, "closing");
    closing = true;
    SimulatedProcess closed = process;
    groups
        .closeAsync()
        .thenRun(
            () -> {
              if (process == closed && isUp()) {
                end(true);
                disk.kill();
              }
            });
  }

  /** Its member of another group than the first, if it has one. */
  public Optional<Replica> neighbour(String group) {
    return groups.neighbour(group);
  }

  /**
   * Has its process close another group than the first, if it runs, and remove it with its data.
   * Tells whether there was one.
   *
   * @param dying in the middle of which disk operation from the beginning of the removal on the
   *     process dies; -1: of none
   */
  public boolean removeGroup(String group, int dying) {
    Optional<Replica> found = neighbour(group).filter(it -> isServing() && !it.isRemoved());
    found.ifPresent(replica -> new GroupRemoval(this, groups, disk, replica).begin(process, dying));
    return found.isPresent();
  }

  /** Its state machine fails at the next command, with an exception or for want of memory. */
  public void failApply(boolean memory) {
    main.failApply(memory ? Failure.NO_MEMORY : Failure.EXCEPTION);
  }

  /** Its process stops for a time. */
  public void pause(long nanos) {
    world.trace().add(Event.PAUSE, id(), nanos, 0, nanos / 1_000_000 + " ms");
    process.pause(nanos);
  }

  /** One of its actors, the next that has something to do, stops for a time. */
  public void pauseActor(long nanos) {
    world.trace().add(Event.PAUSE, id(), nanos, 1, "an actor, " + nanos / 1_000_000 + " ms");
    process.pauseActor(nanos);
  }

  private void end(boolean refuses) {
    process.kill();
    world.network().down(id(), refuses);
    groups.ended();
  }

  /** Submits a command. */
  public void submit(byte[] payload, Duration deadline) {
    submit(payload, deadline, () -> {});
  }

  /**
   * Submits a command.
   *
   * @param applied is told when it was acknowledged
   */
  public void submit(byte[] payload, Duration deadline, Runnable applied) {
    main.submit(payload, deadline, applied);
  }

  /** The highest index that any caller knows. */
  public long knownToCallers() {
    return world.history().acknowledgedIndex();
  }

  /** Reads. */
  public void read(byte[] query, ReadConsistency consistency, Duration deadline) {
    main.read(query, consistency, deadline);
  }

  /** How many calls wait for their end. */
  public long openCalls() {
    return main.openCalls();
  }

  /** Asks it to hand its leadership over: to the target, to whoever is best, or to step down. */
  public void transferTo(NodeId target, Duration deadline) {
    main.transferTo(target, deadline);
  }

  /** Asks it to take a snapshot, which must be on its disk when it says so (I14). */
  public void takeSnapshot(Duration deadline) {
    main.takeSnapshot(deadline);
  }

  /** Whether it takes a machine with its present disk for a member. */
  public boolean knowsAsMember(SimulatedNode other) {
    return status().membership().members().stream()
        .anyMatch(it -> new MemberId(it.node(), it.incarnation()).equals(other.member()));
  }

  /** Whether it leads, as far as it knows. */
  public boolean isLeader() {
    return isServing() && main.isLeader();
  }

  @Override
  public String toString() {
    return groups.all().map(Replica::toString).collect(Collectors.joining("\n  "));
  }
}
