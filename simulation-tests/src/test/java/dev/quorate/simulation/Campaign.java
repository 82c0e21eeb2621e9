package dev.quorate.simulation;

import dev.quorate.raft.testkit.Simulation;
import dev.quorate.raft.testkit.simulation.Fault;
import dev.quorate.raft.testkit.simulation.SimulationReport;
import java.time.Duration;
import java.util.Set;

/** What a seed of ours runs: how many nodes, and with which bounds, follows from the seed. */
public final class Campaign {

  static final int MAX_COMMAND_BYTES = 512;

  private static final int[] SIZES = {3, 5, 3, 5, 1, 2, 4, 7};

  /** In one of how many seeds there are six nodes, so that the others are what they were. */
  private static final int OF_SIX = 37;

  private static final String[] SEGMENTS = {"4KiB", "16KiB", "64KiB"};

  private static final String[] TIMEOUTS = {"1s", "2s", "5s"};

  /** After how many entries a snapshot is taken, and how many stay behind it. */
  private static final int[][] SNAPSHOTS = {{12, 3}, {60, 20}, {30, 0}};

  /** In one of how many seeds leaders are kept from learning that they are none any more. */
  private static final int MISLEADING = 4;

  /** Fewer where there are more nodes, because all of it takes time. */
  private static final int MOST_GROUPS = 3;

  /** In one of how many seeds there may be clients outside the cluster. */
  private static final int OUTSIDE = 20;

  /** In one of how many seeds callers send what the state machine refuses. */
  private static final int CARELESS = 20;

  /**
   * In two of how many seeds machines get other versions and addresses; none had found anything.
   */
  private static final int MAINTAINED = 17;

  /** In one of as many nodes join by addresses alone; it had found nothing. */
  private static final int ASKING_REST = 9;

  /**
   * In three of how many seeds state machines fail and wall clocks stop; none had found anything.
   */
  private static final int FAILING = 23;

  private static final Set<Long> FAILING_REST = Set.of(10L, 15L, 20L);

  /** In three of how many seeds processes stop for long and clocks are sound, or broken. */
  private static final int TIMED = 31;

  private static final Set<Long> TIMED_REST = Set.of(9L, 15L, 23L);

  /** Most of the longest pauses end before it is over. */
  private static final Duration LONG_STORM = Duration.ofSeconds(45);

  /** In three of how many seeds connections break, have little room, or are refused. */
  private static final int CONNECTED = 29;

  private static final Set<Long> CONNECTED_REST = Set.of(12L, 20L, 25L);

  /** In two others of as many seeds nodes are told of connections that ended with a process. */
  private static final Set<Long> ENDED_REST = Set.of(27L, 28L);

  /** There a single command is more than a batch may have otherwise. */
  private static final int LARGE_COMMAND_BYTES = 1536;

  private Campaign() {}

  /** Runs one seed with small bounds, so that they are met. */
  public static SimulationReport run(long seed) {
    return simulation(seed).run();
  }

  /** The command that runs one seed again. */
  static String replay(long seed) {
    return "bin/simulate 1 " + seed;
  }

  /** Runs one seed and tells which invariant breaks; empty if none does. */
  public static String breaks(long seed) {
    return simulation(seed).broken().orElse("");
  }

  static Simulation simulation(long seed) {
    Simulation simulation = bounded(seed);
    simulation = misleading(simulation, seed);
    simulation = housed(simulation, seed);
    simulation = outside(simulation, seed);
    simulation = maintained(simulation, seed);
    simulation = failing(simulation, seed);
    simulation = timed(simulation, seed);
    simulation = connected(simulation, seed);
    simulation = ended(simulation, seed);
    simulation = asking(simulation, seed);
    // Every second seed's log stays whole, as it does in most groups most of the time.
    return seed / SIZES.length % 2 == 0 ? compacting(simulation, seed) : simulation;
  }

  /**
   * What keeps a leader from learning that it is none any more is so frequent that little else
   * happens.
   */
  private static Simulation misleading(Simulation simulation, long seed) {
    return seed % MISLEADING == 0
        ? simulation
        : simulation.without(Fault.ONE_WAY_ISOLATION, Fault.DEAF_TRANSFER, Fault.LONELY_LEADER);
  }

  /**
   * In one of ten seeds nodes have several groups. They have no leases, with which no group rests.
   */
  private static Simulation housed(Simulation simulation, long seed) {
    return seed % 5 == 0 && seed % 4 >= 2
        ? simulation.groups(seed % 2 == 0 ? MOST_GROUPS : 2).setting("raft.quiet-after", "100ms")
        : simulation;
  }

  /**
   * Clients outside the cluster are in a share of the seeds, so that the others are what they were.
   */
  private static Simulation outside(Simulation simulation, long seed) {
    return seed % OUTSIDE == OUTSIDE / 4 ? simulation : simulation.without(Fault.CLIENT_LINK_BREAK);
  }

  /**
   * Versions and addresses change in a share of the seeds, so that the others are what they were.
   */
  private static Simulation maintained(Simulation simulation, long seed) {
    return seed % MAINTAINED == 0 || seed % MAINTAINED == 7
        ? simulation
        : simulation.without(Fault.VERSION_CHANGE, Fault.MOVED_ADDRESS);
  }

  /** State machines fail in a share of the seeds, so that the others are what they were. */
  private static Simulation failing(Simulation simulation, long seed) {
    return FAILING_REST.contains(seed % FAILING)
        ? simulation
        : simulation.without(Fault.FAILING_APPLY, Fault.WALL_CLOCK_STOP);
  }

  /**
   * Time is not what it should be in a share of the seeds, so that the others are what they were.
   */
  private static Simulation timed(Simulation simulation, long seed) {
    return TIMED_REST.contains(seed % TIMED)
        ? simulation.storm(LONG_STORM)
        : simulation.without(Fault.LONG_PAUSE, Fault.ORDINARY_DRIFT, Fault.BROKEN_CLOCK);
  }

  /** Connections have faults in a share of the seeds, so that the others are what they were. */
  private static Simulation connected(Simulation simulation, long seed) {
    return hasLargeCommands(seed)
        ? simulation
            .always(Fault.CUT_TRANSFER) // which few seeds have any of to cut
            .setting("raft.max-command-bytes", LARGE_COMMAND_BYTES + "B")
        : simulation.without(
            Fault.NARROW_LINK,
            Fault.CONNECTION_RESET,
            Fault.CUT_TRANSFER,
            Fault.REFUSED_CONNECTION);
  }

  /**
   * Ends of connections are told in a share of the seeds, so that the others are what they were.
   */
  private static Simulation ended(Simulation simulation, long seed) {
    return ENDED_REST.contains(seed % CONNECTED)
        ? simulation.always(Fault.LOST_CONNECTION)
        : simulation.without(Fault.LOST_CONNECTION);
  }

  /**
   * Nodes join by addresses alone in a share of the seeds, so that the others are what they were.
   */
  private static Simulation asking(Simulation simulation, long seed) {
    return seed % MAINTAINED == ASKING_REST
        ? simulation.always(Fault.BROKEN_INQUIRY, Fault.ADD_MEMBER, Fault.READMIT_DISK)
        : simulation.without(Fault.BROKEN_INQUIRY);
  }

  private static boolean hasLargeCommands(long seed) {
    return CONNECTED_REST.contains(seed % CONNECTED);
  }

  private static boolean isCareless(long seed) {
    return seed % CARELESS == 13;
  }

  private static Simulation compacting(Simulation simulation, long seed) {
    int[] entries = SNAPSHOTS[Math.floorMod(seed, SNAPSHOTS.length)];
    return simulation
        .setting("raft.snapshot.after-entries", Integer.toString(entries[0]))
        .setting("raft.snapshot.tail-entries", Integer.toString(entries[1]))
        .setting("raft.snapshot.keep", Long.toString(1 + Math.floorMod(seed, 2)));
  }

  private static Accounts.Moves moves(long seed) {
    Accounts.Moves moves = new Accounts.Moves(isCareless(seed));
    return hasLargeCommands(seed) ? moves.upTo(LARGE_COMMAND_BYTES) : moves;
  }

  private static int nodes(long seed) {
    return seed % OF_SIX == 0 ? 6 : SIZES[Math.floorMod(seed, SIZES.length)];
  }

  private static Simulation bounded(long seed) {
    return Simulation.of(Accounts::new, moves(seed))
        .invariant("the sum is zero", Accounts.class, Accounts::isBalanced)
        .nodes(nodes(seed))
        .seed(seed)
        .setting("raft.storage.file.segment-bytes", SEGMENTS[Math.floorMod(seed, SEGMENTS.length)])
        .setting("raft.max-command-bytes", MAX_COMMAND_BYTES + "B")
        .setting("raft.lease", seed % 4 < 2 ? "true" : "false")
        .setting("raft.session.timeout", TIMEOUTS[Math.floorMod(seed, TIMEOUTS.length)])
        .setting("raft.session.max-results", "6")
        .setting("raft.session.max-result-bytes", "80B")
        .setting("raft.max-sessions", "3")
        .setting("raft.max-batch-bytes", "1KiB")
        .setting("raft.max-frame-bytes", "4KiB")
        .setting("raft.max-in-flight-bytes", "3KiB")
        .setting("raft.max-uncommitted-bytes", "8KiB")
        .setting("raft.max-pending-calls", "50")
        .setting("raft.entry-cache-bytes", "1KiB");
  }
}
