package dev.quorate.raft.testkit;

import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.StateMachine;
import dev.quorate.raft.api.config.Settings;
import dev.quorate.raft.api.storage.StorageProvider;
import dev.quorate.raft.testkit.history.Model;
import dev.quorate.raft.testkit.internal.check.Expectations;
import dev.quorate.raft.testkit.internal.check.Specification;
import dev.quorate.raft.testkit.internal.check.StateInvariant;
import dev.quorate.raft.testkit.internal.node.NodeSettings;
import dev.quorate.raft.testkit.internal.run.Disasters;
import dev.quorate.raft.testkit.internal.run.Load;
import dev.quorate.raft.testkit.internal.run.Plan;
import dev.quorate.raft.testkit.internal.run.Runner;
import dev.quorate.raft.testkit.internal.time.Randomness;
import dev.quorate.raft.testkit.simulation.BackupTool;
import dev.quorate.raft.testkit.simulation.Fault;
import dev.quorate.raft.testkit.simulation.Interpretation;
import dev.quorate.raft.testkit.simulation.SimulationFailure;
import dev.quorate.raft.testkit.simulation.SimulationReport;
import dev.quorate.raft.testkit.simulation.Workload;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Puts a cluster of real nodes with a user's state machine through disasters, in virtual time and
 * from one seed: the same seed gives the same run, step by step.
 *
 * <pre>{@code
 * Simulation.of(Counter::new, workload).nodes(5).seed(42).run();
 * }</pre>
 *
 * <p>A run has two phases. In the storm all drawn faults strike without limit, and nothing may be
 * wrong: no acknowledged command is lost, no rejected one is applied, every result and every read
 * is the one that a single state machine would have given at that time, all nodes apply the same
 * commands with the same results. Then a quorum is healed, and it must elect a leader, end every
 * pending call, and serve again.
 *
 * <p>Every command is also applied by a second instance of the state machine, whose answers, to
 * queries too, and snapshots must be equal; that finds clocks, randomness and unordered sets in it.
 *
 * <p>Immutable: each method returns a new simulation. The storage is the first that {@link
 * ServiceLoader} finds ({@code storage-file}, if it is there), on a simulated disk.
 */
public final class Simulation {

  /** One run of a seed that failed, as a system property. */
  static final String SEED = "quorate.simulation.seed";

  /** Where runs are drawn, as a system property. */
  private static final String DIAGRAMS = "quorate.simulation.diagrams";

  /** Where runs are written for the model checker, as a system property. */
  private static final String TRACES = "quorate.simulation.traces";

  private static final int MAX_NODES = 7;
  private static final int MAX_GROUPS = 4;
  private static final int MANY = 1_000;
  private static final Duration STORM = Duration.ofSeconds(20);

  private final Supplier<StateMachine> stateMachines;
  private final Workload workload;

  // Changed only before the simulation is handed out.
  private int nodes = 3;
  private int groups = 1;
  private long seed = 1;
  private Duration storm = STORM;
  private Set<Fault> faults = EnumSet.allOf(Fault.class);
  private Set<Fault> certain = EnumSet.noneOf(Fault.class);
  private Map<String, String> settings = Map.of();
  private Map<Integer, Map<String, String>> ownSettings = Map.of();
  private Load load = Load.DRAWN;
  private int rarity = 1;
  private Expectations expectations = Expectations.USUAL;
  private Optional<BackupTool> backups = Optional.empty();

  private Simulation(Supplier<StateMachine> stateMachines, Workload workload) {
    this.stateMachines = stateMachines;
    this.workload = workload;
  }

  /** The same but for one thing. */
  private Simulation with(Consumer<Simulation> change) {
    Simulation other = new Simulation(stateMachines, workload);
    other.nodes = nodes;
    other.groups = groups;
    other.seed = seed;
    other.storm = storm;
    other.faults = faults;
    other.certain = certain;
    other.settings = settings;
    other.ownSettings = ownSettings;
    other.load = load;
    other.rarity = rarity;
    other.expectations = expectations;
    other.backups = backups;
    change.accept(other);
    return other;
  }

  /**
   * A simulation of three nodes with all faults, seed 1, and a storm of 20 simulated seconds.
   *
   * @param stateMachine makes a new, empty state machine at each call
   * @param workload what callers ask of it
   * @return the simulation
   */
  public static Simulation of(Supplier<StateMachine> stateMachine, Workload workload) {
    return new Simulation(
        Objects.requireNonNull(stateMachine, "stateMachine"),
        Objects.requireNonNull(workload, "workload"));
  }

  /**
   * With that many nodes.
   *
   * @param count 1 to 7
   * @return a new simulation
   */
  public Simulation nodes(int count) {
    if (count < 1 || count > MAX_NODES) {
      throw new IllegalArgumentException(count + " nodes: 1 to " + MAX_NODES + " can be simulated");
    }
    return with(it -> it.nodes = count);
  }

  /**
   * With that many groups on each node, over one transport and one storage (see {@code Raft.host}).
   * The first is the one that the report is about, whose members may change and which is called all
   * the time. The others have the same state machine and settings, are begun by the same nodes, and
   * are called now and then, so that they rest in between if {@code raft.quiet-after} is set. What
   * they promise is judged as well, but for sessions, which nobody opens in them. The last is
   * {@linkplain Fault#REMOVE_GROUP removed} from nodes.
   *
   * @param count 1, as it is without this, to 4
   * @return a new simulation
   */
  public Simulation groups(int count) {
    if (count < 1 || count > MAX_GROUPS) {
      throw new IllegalArgumentException(
          count + " groups: 1 to " + MAX_GROUPS + " can be simulated");
    }
    return with(it -> it.groups = count);
  }

  /**
   * With that seed.
   *
   * @param number any number
   * @return a new simulation
   */
  public Simulation seed(long number) {
    return with(it -> it.seed = number);
  }

  /**
   * With a storm of that length, in simulated time.
   *
   * @param length more than zero, at most an hour
   * @return a new simulation
   */
  public Simulation storm(Duration length) {
    if (length.isNegative() || length.isZero() || length.compareTo(Duration.ofHours(1)) > 0) {
      throw new IllegalArgumentException("a storm of " + length + " is not within an hour");
    }
    return with(it -> it.storm = length);
  }

  /**
   * With these faults and no others.
   *
   * @param only the faults; none at all is a simulation in which nothing goes wrong
   * @return a new simulation
   */
  public Simulation faults(Fault... only) {
    EnumSet<Fault> chosen = EnumSet.noneOf(Fault.class);
    chosen.addAll(List.of(only));
    return with(it -> it.faults = chosen);
  }

  /**
   * Without these faults.
   *
   * @param not the faults that do not happen
   * @return a new simulation
   */
  public Simulation without(Fault... not) {
    EnumSet<Fault> chosen = EnumSet.noneOf(Fault.class);
    chosen.addAll(faults);
    chosen.removeAll(List.of(not));
    return with(it -> it.faults = chosen);
  }

  /**
   * With these faults in every seed, and frequent. Of the others each seed draws a half or a
   * quarter; with {@code faults()} before this there are no others.
   *
   * @param each the faults that always happen
   * @return a new simulation
   */
  public Simulation always(Fault... each) {
    EnumSet<Fault> chosen = EnumSet.noneOf(Fault.class);
    chosen.addAll(certain);
    chosen.addAll(List.of(each));
    return with(it -> it.certain = chosen);
  }

  /**
   * With a setting for every node.
   *
   * @param key the key, such as {@code raft.heartbeat}
   * @param value its value
   * @return a new simulation
   */
  public Simulation setting(String key, String value) {
    return with(it -> it.settings = plus(settings, key, value));
  }

  /**
   * With a setting for one node, in the place of that for every node, if there is one.
   *
   * @param node 1 for the first node, to 7
   * @param key the key, such as {@code raft.max-sessions}
   * @param value its value
   * @return a new simulation
   */
  public Simulation setting(int node, String key, String value) {
    if (node < 1 || node > MAX_NODES) {
      throw new IllegalArgumentException("node " + node + ": there are 1 to " + MAX_NODES);
    }
    return with(
        it ->
            it.ownSettings =
                plus(
                    ownSettings, node, plus(ownSettings.getOrDefault(node, Map.of()), key, value)));
  }

  private static <K, V> Map<K, V> plus(Map<K, V> map, K key, V value) {
    Map<K, V> more = new HashMap<>(map);
    more.put(key, value);
    return Map.copyOf(more);
  }

  /**
   * With callers and clients of sessions who each let that much time pass between two calls, on
   * average. Otherwise it is drawn, from a few milliseconds to a third of a second.
   *
   * @param mean more than zero, at most a day; much longer than the storm, nobody calls in it
   * @return a new simulation
   */
  public Simulation pace(Duration mean) {
    if (mean.isNegative() || mean.isZero() || mean.compareTo(Duration.ofDays(1)) > 0) {
      throw new IllegalArgumentException("a pace of " + mean + " is not within a day");
    }
    return with(it -> it.load = load.at(mean));
  }

  /**
   * With that many callers, each of whom has a {@linkplain #pace pace} of its own. There is one
   * without this, and a few clients of sessions in any case.
   *
   * @param count 1 to 1,000
   * @return a new simulation
   */
  public Simulation callers(int count) {
    if (count < 1 || count > MANY) {
      throw new IllegalArgumentException(count + " callers: 1 to " + MANY + " can be simulated");
    }
    return with(it -> it.load = load.of(count));
  }

  /**
   * With callers of whose calls so many are reads; otherwise a third. The clients of sessions read
   * nothing in any case.
   *
   * @param percent 0 to 100
   * @return a new simulation
   */
  public Simulation reads(int percent) {
    if (percent < 0 || percent > 100) {
      throw new IllegalArgumentException(percent + "% of reads: 0 to 100 can be simulated");
    }
    return with(it -> it.load = load.reading(percent));
  }

  /**
   * With that many clients of sessions, who send commands all the time; otherwise up to three,
   * drawn.
   *
   * @param count 0 to 1,000
   * @return a new simulation
   */
  public Simulation sessions(int count) {
    if (count < 0 || count > MANY) {
      throw new IllegalArgumentException(count + " clients: 0 to " + MANY + " can be simulated");
    }
    return with(it -> it.load = load.withSessions(count));
  }

  /**
   * With faults that come so many times more rarely, for busy clusters, to which a second is long.
   * Otherwise each that was drawn comes about every two seconds or more often.
   *
   * @param times 1, as it is without this, to 1,000
   * @return a new simulation
   */
  public Simulation rarer(int times) {
    if (times < 1 || times > MANY) {
      throw new IllegalArgumentException(
          "faults cannot be " + times + " times rarer: 1 to " + MANY + " times");
    }
    return with(it -> it.rarity = times);
  }

  /**
   * With a state machine whose equal states may have different snapshots, because what it writes
   * has no fixed order. Otherwise two instances that applied the same commands must write the same
   * bytes.
   *
   * @return a new simulation
   */
  public Simulation snapshotsInAnyOrder() {
    return with(it -> it.expectations = expectations.withSnapshotsInAnyOrder());
  }

  /**
   * With callers who are answered as by one object that does what a model says, one call after the
   * other ({@link dev.quorate.raft.testkit.history.Linearizability}); all calls count but reads
   * that may be stale. Without this, too, every answer is what the state machine itself gives at
   * its place in the log; the model finds what the state machine does wrong everywhere. In the
   * report of a failure this is {@code linearizability}, or {@code undecided} if the search for an
   * order of the calls came to no end; then a {@linkplain Model#partition finer partition} or fewer
   * calls at a time help.
   *
   * @param model what the state machine should do
   * @param interpretation what commands, queries and results are in the model's terms
   * @param <S> a state of the model
   * @param <I> what clients ask for
   * @param <O> what a call returns
   * @return a new simulation
   */
  public <S, I, O> Simulation linearizable(
      Model<S, I, O> model, Interpretation<I, O> interpretation) {
    Specification<S, I, O> specification =
        new Specification<>(
            Objects.requireNonNull(model, "model"),
            Objects.requireNonNull(interpretation, "interpretation"));
    return with(it -> it.expectations = expectations.with(specification));
  }

  /**
   * With an invariant of the state machine: what holds in every state that any node comes to. It is
   * judged after every command and every restored snapshot, and at the end, and must change
   * nothing. A failure has its name in the place of a number such as {@code I4}, and says at which
   * node and after which index it does not hold.
   *
   * @param name what it is called
   * @param type the class of the state machine
   * @param holds whether it holds in the state that the state machine is in
   * @param <M> the class of the state machine
   * @return a new simulation
   * @throws IllegalArgumentException if the name is blank, or the state machine of this simulation
   *     is of another class
   */
  public <M extends StateMachine> Simulation invariant(
      String name, Class<M> type, Predicate<? super M> holds) {
    Objects.requireNonNull(holds, "holds");
    if (name.isBlank()) {
      throw new IllegalArgumentException("an invariant without a name");
    }
    StateMachine any = stateMachines.get();
    if (!type.isInstance(any)) {
      throw new IllegalArgumentException(
          name + " is of a " + type.getName() + ", the state machine is a " + any.getClass());
    }
    StateInvariant invariant = new StateInvariant(name, machine -> holds.test(type.cast(machine)));
    return with(it -> it.expectations = expectations.with(invariant));
  }

  /**
   * With a second cluster that is restored from a backup of this one while this one goes on, on
   * other machines with the same names, to which messages of the first come astray, and the other
   * way. It begins with just the state of the backup, sessions included, and goes through the same
   * faults, but loses no disk and changes no members.
   *
   * @param tool makes the backup and restores it
   * @return a new simulation
   */
  public Simulation restored(BackupTool tool) {
    return with(it -> it.backups = Optional.of(tool));
  }

  /**
   * Runs to the end. With the system property {@code quorate.simulation.diagrams} set to a
   * directory the run is drawn there as {@code seed-N.html}: a lane for each node, a line for each
   * message, its last 20,000 events. Of a failing run a smaller one that fails likewise is drawn.
   * With {@code quorate.simulation.traces} set, what the protocol did is written as {@code
   * seed-N.ndjson}, which TLC can check against the specification.
   *
   * @return what happened
   * @throws SimulationFailure if an invariant does not hold
   */
  public SimulationReport run() {
    return Runner.run(plan(), () -> Replay.of(seed), directory(DIAGRAMS), directory(TRACES));
  }

  /**
   * Runs only to learn whether an invariant breaks: a failure is not looked into, which takes many
   * runs.
   *
   * @return which invariant does not hold; empty if all do
   */
  public Optional<String> broken() {
    return Runner.broken(plan());
  }

  private static Optional<Path> directory(String property) {
    return Optional.ofNullable(System.getProperty(property)).map(Path::of);
  }

  private NodeSettings nodeSettings() {
    Map<NodeId, Settings> own = new TreeMap<>();
    ownSettings.forEach(
        (node, its) -> {
          Map<String, String> all = new HashMap<>(settings);
          all.putAll(its);
          own.put(NodeId.of("n" + node), Settings.of(all));
        });
    return new NodeSettings(Settings.of(settings), own);
  }

  private boolean hasLeases() {
    return Stream.concat(Stream.of(settings), ownSettings.values().stream())
        .anyMatch(its -> !"false".equals(its.getOrDefault("raft.lease", "false")));
  }

  private Plan plan() {
    StorageProvider storage =
        ServiceLoader.load(StorageProvider.class)
            .findFirst()
            .orElseThrow(
                () ->
                    new IllegalStateException(
                        "no storage is on the module or class path; add storage-file"));
    EnumSet<Fault> possible = EnumSet.noneOf(Fault.class);
    possible.addAll(faults);
    possible.remove(groups == 1 ? Fault.REMOVE_GROUP : Fault.MOVED_ADDRESS);
    Disasters disasters =
        Disasters.draw(possible, new Randomness(seed).part("disasters"))
            .with(certain)
            .rarer(rarity);
    if (disasters.of(Fault.CLIENT_LINK_BREAK) > 0) {
      disasters = disasters.without(Fault.MOVED_ADDRESS);
    }
    if (hasLeases()) {
      disasters = disasters.without(Fault.BROKEN_CLOCK);
    }
    return new Plan(
        seed,
        nodes,
        groups,
        stateMachines,
        expectations,
        workload,
        storage,
        nodeSettings(),
        disasters,
        storm.toNanos(),
        load,
        backups);
  }
}
