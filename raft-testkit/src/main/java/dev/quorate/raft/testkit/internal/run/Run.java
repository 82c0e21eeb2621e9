package dev.quorate.raft.testkit.internal.run;

import dev.quorate.raft.api.Address;
import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.engine.codec.Envelope;
import dev.quorate.raft.engine.formation.ListedNode;
import dev.quorate.raft.engine.message.Message;
import dev.quorate.raft.engine.message.Peer;
import dev.quorate.raft.engine.runtime.EngineSettings;
import dev.quorate.raft.testkit.disk.DiskFault;
import dev.quorate.raft.testkit.internal.check.Application;
import dev.quorate.raft.testkit.internal.check.ChangeHistory;
import dev.quorate.raft.testkit.internal.check.ClientHistory;
import dev.quorate.raft.testkit.internal.check.Invariants;
import dev.quorate.raft.testkit.internal.check.Reference;
import dev.quorate.raft.testkit.internal.check.SessionHistory;
import dev.quorate.raft.testkit.internal.network.ClientNetwork;
import dev.quorate.raft.testkit.internal.network.Network;
import dev.quorate.raft.testkit.internal.node.NodeSettings;
import dev.quorate.raft.testkit.internal.node.SimulatedNode;
import dev.quorate.raft.testkit.internal.node.World;
import dev.quorate.raft.testkit.internal.time.Agenda;
import dev.quorate.raft.testkit.internal.time.Randomness;
import dev.quorate.raft.testkit.internal.trace.ProtocolTrace;
import dev.quorate.raft.testkit.internal.trace.Trace;
import dev.quorate.raft.testkit.internal.verdict.Violation;
import dev.quorate.raft.testkit.simulation.SimulationReport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;

/**
 * One run: a storm of disasters, in which nothing may be wrong; then a quorum is healed and the
 * rest left as it is, and everything must work again.
 */
public final class Run {

  private static final int PORT = 7000;
  private static final long MILLI = 1_000_000;
  private static final long ELECTION_MAX_NANOS = 600 * MILLI;
  private static final long SETTLE_NANOS = 10 * ELECTION_MAX_NANOS;

  /** The last late frames and the longest deadline of a call are over by then. */
  private static final long CLEAR_NANOS = 6_000 * MILLI;

  /** So many heartbeats left out are none that are late. */
  private static final int SILENT_BEATS = 6;

  private static final int STEPS_PER_SECOND = 400_000;
  private static final Duration DEADLINE = Duration.ofSeconds(3);

  private final Plan plan;
  private final SettlingWorkload workload;
  private final String mainGroup;
  private final Agenda agenda;
  private final Randomness randomness;
  private final Trace trace;
  private final Invariants invariants = new Invariants();
  private final ClientHistory history;
  private final ChangeHistory changes = new ChangeHistory();
  private final SessionHistory sessionHistory;
  private final Reference reference;
  private final Application application;
  private final Network network;
  private final Counters counters = new Counters();
  private final Newcomers newcomers;
  private final Neighbours neighbours;
  private final List<NeighbourCallers> neighbourCallers = new ArrayList<>();
  private final Cluster cluster;
  private final Operator operator;
  private final Nemesis nemesis;
  private final Callers callers;
  private final SessionClients sessionClients;
  private final OutsideClients outsideClients;
  private final SessionClients.Surroundings around;
  private final Healing healing;
  private final Swallowed swallowed;
  private final Optional<Succession> succession;

  /**
   * A run that has not begun.
   *
   * @param keepLines how many lines of the trace are kept
   */
  public Run(Plan plan, int keepLines) {
    this(plan, keepLines, new Agenda(), new Swallowed(), "host");
  }

  /**
   * A run that has not begun, perhaps beside another one.
   *
   * @param hosts what the addresses of its machines begin with
   */
  Run(Plan plan, int keepLines, Agenda agenda, Swallowed swallowed, String hosts) {
    this.plan = plan;
    this.agenda = agenda;
    this.swallowed = swallowed;
    this.workload = new SettlingWorkload(plan.workload(), plan.stateMachines().get());
    this.mainGroup = plan.mainGroup();
    this.randomness = new Randomness(plan.seed());
    this.trace = new Trace(agenda, keepLines);
    this.history = plan.history(agenda::now);
    this.sessionHistory = new SessionHistory(history);
    this.reference = new Reference(invariants.ledger(), plan.stateMachines().get());
    this.application = new Application(reference, plan.stateMachines(), plan.expectations());
    this.network =
        new Network(agenda, randomness.stream("network"), trace, this::judge, counters::count);
    this.newcomers =
        new Newcomers(plan, network, agenda, trace, randomness.part("newcomers"), counters);
    List<ListedNode> listed = new ArrayList<>();
    int spares = plan.spares();
    for (int i = 1; i <= plan.nodes() + spares; i++) {
      listed.add(new ListedNode(NodeId.of("n" + i), new Address(hosts + i, PORT)));
    }
    List<ListedNode> founders = listed.subList(0, plan.nodes());
    World world = world(mainGroup, invariants, application, history, plan.settings());
    this.neighbours = new Neighbours(plan.furtherGroups().stream().map(this::neighbour).toList());
    List<World> further = neighbours.groups().stream().map(Neighbour::world).toList();
    List<SimulatedNode> nodes = new ArrayList<>();
    for (ListedNode node : listed) {
      List<World> here = founders.contains(node) ? further : List.of();
      Randomness its = randomness.part(node.id().value());
      nodes.add(new SimulatedNode(world, here, node, founders, its));
    }
    neighbours.groups().forEach(it -> it.isFoundedBy(nodes));
    this.cluster = new Cluster(nodes, plan.nodes(), invariants, neighbours);
    this.operator = new Operator(cluster, changes, trace, plan.disasters());
    this.callers =
        new Callers(
            workload,
            agenda,
            cluster,
            randomness.part("callers"),
            plan.disasters(),
            plan.maxCommandBytes(),
            plan.load(),
            counters);
    this.around =
        new SessionClients.Surroundings(
            workload, agenda, cluster, sessionHistory, randomness.stream("around"), swallowed::add);
    this.outsideClients =
        new OutsideClients(
            plan,
            new ClientNetwork(network, agenda, randomness.stream("links"), trace, listed),
            cluster,
            history,
            around,
            randomness.part("outside"));
    this.nemesis =
        new Nemesis(
            plan.disasters(),
            randomness.part("nemesis"),
            agenda,
            trace,
            network,
            cluster,
            operator,
            outsideClients,
            callers,
            neighbours,
            counters);
    this.sessionClients = new SessionClients(around, randomness.part("sessions"), plan.load());
    this.healing = new Healing(cluster, network, trace);
    this.succession =
        plan.backups().map(tool -> new Succession(plan, tool, this, swallowed, keepLines));
  }

  private Neighbour neighbour(String group) {
    long silence = SILENT_BEATS * plan.engineSettings().core().heartbeatNanos();
    Invariants its = new Invariants();
    Reference log = new Reference(its.ledger(), plan.stateMachines().get());
    Application all = new Application(log, plan.stateMachines(), plan.expectations());
    NodeSettings settings = plan.settings().with(each -> EngineSettings.ofGroup(each, group));
    World world = world(group, its, all, plan.history(agenda::now), settings);
    Neighbour neighbour = new Neighbour(world, log, agenda, silence);
    neighbourCallers.add(new NeighbourCallers(neighbour, workload, agenda, randomness.part(group)));
    return neighbour;
  }

  private World world(
      String group, Invariants its, Application all, ClientHistory callers, NodeSettings settings) {
    return new World(
        group,
        agenda,
        trace,
        network,
        newcomers.inquiries(),
        its,
        all,
        callers,
        plan.storage(),
        settings,
        counters::count,
        swallowed::add);
  }

  private void judge(Envelope envelope, Message message) {
    if (envelope.group().equals(mainGroup)) {
      Peer to = new Peer(envelope.to(), envelope.toIncarnation(), 0);
      invariants.sent(envelope.from(), to, message);
    } else {
      neighbours.sent(envelope, message);
    }
  }

  /** What happens is also recorded there. */
  void record(ProtocolTrace recording) {
    invariants.record(recording);
  }

  /** What happened, as far as it was kept. */
  public Trace trace() {
    return trace;
  }

  /** The last lines of what happened; in the restored cluster, too, if there is one. */
  String story(int lines) {
    return trace.text(lines)
        + succession
            .flatMap(Succession::heir)
            .map(it -> "in the restored cluster:\n" + it.story(lines))
            .orElse("");
  }

  /** Its cluster begins with what was saved of another one. */
  void inherits(Heritage heritage, Run other) {
    invariants.restored(heritage.log());
    application.restored(other.application);
    history.restored(reference);
    sessionHistory.restored(reference);
    heritage.giveTo(cluster);
    sessionClients.resume(reference.sessions());
  }

  Network network() {
    return network;
  }

  Reference reference() {
    return reference;
  }

  SessionClients.Surroundings around() {
    return around;
  }

  /** Runs to the end; a {@link Violation} ends it early. */
  public SimulationReport run() {
    try {
      live();
    } catch (Violation e) {
      throw history.gravest(e, reference);
    }
    DiskFaults.FELT.forEach((fault, strike) -> counters.set(fault, strikes(strike)));
    return report();
  }

  private void live() {
    begin();
    succession.ifPresent(Succession::begin);
    runUntil(plan.stormNanos(), () -> false);
    recover();
    judge();
    succession.ifPresent(Succession::end);
  }

  /** The machines are started, and the storm begins. */
  void begin() {
    cluster.nodes().forEach(SimulatedNode::start);
    nemesis.begin();
    callers.begin();
    neighbourCallers.forEach(NeighbourCallers::begin);
    outsideClients.begin();
  }

  /** In the end: what callers were told is what the log gives. */
  void judge() {
    application.judge();
    history.judgeByModel(reference);
    history.judge(reference, plan.stateMachines().get());
    sessionHistory.judge(reference);
    changes.judge(invariants.ledger().configurations());
    neighbours.groups().forEach(it -> it.judge(plan.stateMachines().get()));
  }

  private SimulationReport report() {
    return new SimulationReport(
        plan.seed(),
        plan.nodes(),
        Duration.ofNanos(agenda.now()),
        agenda.done(),
        invariants.ledger().lastIndex(),
        history.applied() + neighbours.applied(),
        history.rejected(),
        history.unknown(),
        history.reads(),
        sessionHistory.applied(),
        sessionHistory.repeated(),
        changes.changed(),
        cluster.nodes().stream().mapToInt(it -> it.main().data().snapshots().made()).sum(),
        cluster.nodes().stream().mapToInt(it -> it.main().installs()).sum(),
        neighbours.rests(),
        history.explained(),
        counters.counts(),
        succession.map(Succession::report),
        trace.hash() + succession.flatMap(Succession::heir).map(it -> it.trace.hash()).orElse(0L));
  }

  private long strikes(DiskFault fault) {
    return cluster.nodes().stream().mapToLong(node -> node.strikes(fault)).sum();
  }

  /** Runs until something is so, at most that long; tells whether it is so. */
  boolean runUntil(long nanos, BooleanSupplier condition) {
    long until = agenda.now() + nanos;
    long stepsPerSecond = (long) STEPS_PER_SECOND * plan.load().callers();
    long steps = agenda.done() + stepsPerSecond * (nanos / (1_000 * MILLI) + 1);
    while (!condition.getAsBoolean()) {
      boolean ran = agenda.runNext(until);
      swallowed.throwIfAny();
      if (!ran) {
        return condition.getAsBoolean();
      }
      Violation.unless(agenda.done() < steps, "I18", () -> "the nodes do not come to rest");
    }
    return true;
  }

  /**
   * Heals a quorum and leaves the rest to its fate; the quorum must come back to work. Every second
   * time all are healed before, so that it is a working leader whom that fate may befall.
   */
  void recover() {
    RandomGenerator random = randomness.stream("core");
    Fate fate = Fate.draw(randomness.stream("fate"));
    nemesis.rest();
    workload.settle();
    callers.rest();
    sessionClients.rest();
    neighbourCallers.forEach(NeighbourCallers::rest);
    outsideClients.rest();
    if (random.nextBoolean()) {
      healing.heal(cluster.sound(), Fate.DEAD);
      runUntil(SETTLE_NANOS, () -> cluster.leader().isPresent());
    }
    List<SimulatedNode> core = cluster.core(random);
    healing.heal(core, fate);
    elect(cluster.members(core));
    announce(core);
    List<NeighbourProof> proofs = proofs(core);
    proofs.forEach(NeighbourProof::elect);
    runUntil(CLEAR_NANOS, () -> false);
    Violation.unless(
        sessionClients.openCalls() == 0
            && outsideClients.openCalls() == 0
            && operator.openCalls() == 0
            && neighbours.openCalls(core) == 0
            && core.stream().allMatch(node -> node.openCalls() == 0),
        "I18",
        () -> "calls are open beyond their deadline" + cluster);
    List<SimulatedNode> members = settle(core);
    VersionChanges.demandLevel(cluster, members, this::runUntil, SETTLE_NANOS);
    prove(members);
    newcomers.prove(cluster, members, this::runUntil, 3 * SETTLE_NANOS);
    proofs.forEach(NeighbourProof::work);
    if (!proofs.isEmpty()) {
      rest();
    }
  }

  /** All that have their data come back: further groups may rest, and one loses its leader then. */
  private void rest() {
    List<SimulatedNode> all = cluster.sound();
    healing.heal(all, Fate.DEAD);
    proofs(all).stream().filter(NeighbourProof::rests).toList().stream()
        .findFirst()
        .ifPresent(it -> it.loseLeader(all, network, cluster.ids(), randomness.stream("loss")));
  }

  private List<NeighbourProof> proofs(List<SimulatedNode> core) {
    List<NeighbourProof> proofs = new ArrayList<>();
    for (int i = 0; i < neighbourCallers.size(); i++) {
      NeighbourProof proof =
          new NeighbourProof(
              neighbours.groups().get(i),
              neighbourCallers.get(i),
              this::runUntil,
              plan.engineSettings(),
              SETTLE_NANOS);
      proof.heals(core);
      proofs.add(proof);
    }
    return proofs;
  }

  /** The members of a healed quorum write and read. */
  private void prove(List<SimulatedNode> core) {
    long term = term(core);
    int applied = history.applied();
    int reads = history.reads();
    for (SimulatedNode node : core) {
      callers.submit(node, DEADLINE);
      callers.read(node, DEADLINE);
    }
    int clients = outsideClients.prove(core, DEADLINE);
    AtomicBoolean sessionWorks = new AtomicBoolean();
    sessionClients.prove(core.get(0), DEADLINE, () -> sessionWorks.set(true));
    Violation.unless(
        runUntil(
            SETTLE_NANOS,
            () ->
                cluster.isEven(core)
                    && sessionWorks.get()
                    && history.applied() == applied + core.size() + clients
                    && history.reads() == reads + core.size() + clients),
        "I18",
        () -> "not even after healing: " + history + cluster);
    Violation.unless(
        term(core) == term, "I18", () -> "the leader of term " + term + " was deposed" + cluster);
  }

  /**
   * Within ten election timeouts one of the quorum must lead; if another does, once it is given
   * something to write: a leader with a slow disk is none the worse for it before.
   */
  private void elect(List<SimulatedNode> core) {
    Violation.unless(
        runUntil(SETTLE_NANOS, () -> cluster.leader().isPresent()),
        "I18",
        () -> "no leader" + cluster);
    BooleanSupplier coreLeads = () -> cluster.leader().filter(core::contains).isPresent();
    for (long waited = 0; waited < SETTLE_NANOS && !coreLeads.getAsBoolean(); ) {
      callers.submit(Cluster.anyMember(core), DEADLINE);
      runUntil(ELECTION_MAX_NANOS, coreLeads);
      waited += ELECTION_MAX_NANOS;
    }
    Violation.unless(coreLeads.getAsBoolean(), "I18", () -> "no leader that can work" + cluster);
  }

  /** The members agree on where all of them are now, which need not be known before. */
  private void announce(List<SimulatedNode> core) {
    BooleanSupplier areFound = () -> cluster.moved().isEmpty();
    for (long waited = 0; waited < SETTLE_NANOS && !areFound.getAsBoolean(); ) {
      cluster.leader().ifPresent(operator::giveUp);
      cluster
          .leader()
          .filter(core::contains)
          .ifPresent(it -> operator.announce(it, cluster.moved()));
      runUntil(ELECTION_MAX_NANOS, areFound);
      waited += ELECTION_MAX_NANOS;
    }
    Violation.unless(
        areFound.getAsBoolean(), "I18", () -> "who moved is not found again" + cluster);
  }

  /**
   * A change of members that is under way ends: it is completed, or can be given up. Returns who of
   * the healed quorum is a member then.
   */
  private List<SimulatedNode> settle(List<SimulatedNode> core) {
    if (cluster.leader().filter(core::contains).isEmpty()) {
      // It was being handed over when the storm ended, to one that is not healed.
      elect(cluster.members(core));
      runUntil(CLEAR_NANOS, () -> false);
    }
    BooleanSupplier isSettled =
        () ->
            cluster.leader().filter(core::contains).filter(it -> it.main().isSettled()).isPresent();
    for (long waited = 0; waited < SETTLE_NANOS && !isSettled.getAsBoolean(); ) {
      cluster.leader().ifPresent(operator::giveUp);
      runUntil(ELECTION_MAX_NANOS, isSettled);
      waited += ELECTION_MAX_NANOS;
    }
    Violation.unless(
        isSettled.getAsBoolean(), "I18", () -> "a change of members does not end" + cluster);
    SimulatedNode leader = cluster.leader().orElseThrow();
    return core.stream().filter(leader::knowsAsMember).toList();
  }

  private static long term(List<SimulatedNode> core) {
    return core.stream().mapToLong(node -> node.status().term()).max().orElseThrow();
  }
}
