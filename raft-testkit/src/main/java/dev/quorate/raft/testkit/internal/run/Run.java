package dev.quorate.raft.testkit.internal.run;

import dev.quorate.raft.api.Address;
import dev.quorate.raft.api.NodeCondition;
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
import dev.quorate.raft.testkit.internal.network.Weather;
import dev.quorate.raft.testkit.internal.node.SimulatedNode;
import dev.quorate.raft.testkit.internal.node.World;
import dev.quorate.raft.testkit.internal.time.Agenda;
import dev.quorate.raft.testkit.internal.time.Randomness;
import dev.quorate.raft.testkit.internal.trace.ProtocolTrace;
import dev.quorate.raft.testkit.internal.trace.Trace;
import dev.quorate.raft.testkit.internal.trace.Trace.Event;
import dev.quorate.raft.testkit.internal.verdict.Violation;
import dev.quorate.raft.testkit.simulation.SimulationReport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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
  private final Agenda agenda = new Agenda();
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
  private final Neighbours neighbours;
  private final List<NeighbourCallers> neighbourCallers = new ArrayList<>();
  private final Cluster cluster;
  private final Operator operator;
  private final Nemesis nemesis;
  private final Callers callers;
  private final SessionClients sessionClients;
  private final OutsideClients outsideClients;
  private Violation swallowed;

  /**
   * A run that has not begun.
   *
   * @param keepLines how many lines of the trace are kept
   */
  public Run(Plan plan, int keepLines) {
    this.plan = plan;
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
    List<ListedNode> listed = new ArrayList<>();
    int spares = plan.spares();
    for (int i = 1; i <= plan.nodes() + spares; i++) {
      listed.add(new ListedNode(NodeId.of("n" + i), new Address("host" + i, PORT)));
    }
    List<ListedNode> founders = listed.subList(0, plan.nodes());
    World world =
        new World(
            mainGroup,
            agenda,
            trace,
            network,
            invariants,
            application,
            history,
            plan.storage(),
            plan.settings(),
            counters::count,
            this::swallowed);
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
    SessionClients.Surroundings around =
        new SessionClients.Surroundings(
            workload,
            agenda,
            cluster,
            sessionHistory,
            randomness.stream("around"),
            this::swallowed);
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
  }

  private Neighbour neighbour(String group) {
    EngineSettings settings = plan.engineSettings();
    Invariants its = new Invariants();
    Reference log = new Reference(its.ledger(), plan.stateMachines().get());
    World world =
        new World(
            group,
            agenda,
            trace,
            network,
            its,
            new Application(log, plan.stateMachines(), plan.expectations()),
            plan.history(agenda::now),
            plan.storage(),
            plan.settings().with(each -> EngineSettings.ofGroup(each, group)),
            counters::count,
            this::swallowed);
    Neighbour neighbour =
        new Neighbour(world, log, agenda, SILENT_BEATS * settings.core().heartbeatNanos());
    neighbourCallers.add(new NeighbourCallers(neighbour, workload, agenda, randomness.part(group)));
    return neighbour;
  }

  private void judge(Envelope envelope, Message message) {
    if (envelope.group().equals(mainGroup)) {
      Peer to = new Peer(envelope.to(), envelope.toIncarnation(), 0);
      invariants.sent(envelope.from(), to, message);
    } else {
      neighbours.sent(envelope, message);
    }
  }

  private void swallowed(Violation violation) {
    if (swallowed == null) {
      swallowed = violation;
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
    cluster.nodes().forEach(SimulatedNode::start);
    nemesis.begin();
    callers.begin();
    neighbourCallers.forEach(NeighbourCallers::begin);
    outsideClients.begin();
    runUntil(plan.stormNanos(), () -> false);
    recover();
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
        cluster.nodes().stream().mapToInt(SimulatedNode::snapshots).sum(),
        cluster.nodes().stream().mapToInt(SimulatedNode::installs).sum(),
        neighbours.rests(),
        history.explained(),
        counters.counts(),
        trace.hash());
  }

  private long strikes(DiskFault fault) {
    return cluster.nodes().stream().mapToLong(node -> node.strikes(fault)).sum();
  }

  /** Runs until something is so, at most that long; tells whether it is so. */
  private boolean runUntil(long nanos, BooleanSupplier condition) {
    long until = agenda.now() + nanos;
    long stepsPerSecond = (long) STEPS_PER_SECOND * plan.load().callers();
    long steps = agenda.done() + stepsPerSecond * (nanos / (1_000 * MILLI) + 1);
    while (!condition.getAsBoolean()) {
      boolean ran = agenda.runNext(until);
      if (swallowed != null) {
        throw swallowed;
      }
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
  private void recover() {
    RandomGenerator random = randomness.stream("core");
    Fate fate = Fate.draw(randomness.stream("fate"));
    nemesis.rest();
    workload.settle();
    callers.rest();
    sessionClients.rest();
    neighbourCallers.forEach(NeighbourCallers::rest);
    outsideClients.rest();
    if (random.nextBoolean()) {
      heal(cluster.sound(), Fate.DEAD);
      runUntil(SETTLE_NANOS, () -> cluster.leader().isPresent());
    }
    List<SimulatedNode> core = cluster.core(random);
    heal(core, fate);
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
    rise(members);
    prove(members);
    proofs.forEach(NeighbourProof::work);
    if (!proofs.isEmpty()) {
      rest();
    }
  }

  /** All that have their data come back: further groups may rest, and one loses its leader then. */
  private void rest() {
    List<SimulatedNode> all = cluster.sound();
    heal(all, Fate.DEAD);
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
      callers.submit(anyMember(core), DEADLINE);
      runUntil(ELECTION_MAX_NANOS, coreLeads);
      waited += ELECTION_MAX_NANOS;
    }
    Violation.unless(coreLeads.getAsBoolean(), "I18", () -> "no leader that can work" + cluster);
  }

  /** One that was not removed meanwhile, because with that nothing is written. */
  private static SimulatedNode anyMember(List<SimulatedNode> core) {
    return core.stream()
        .filter(node -> !(node.status().condition() instanceof NodeCondition.NotAMember))
        .findFirst()
        .orElse(core.get(0));
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
        () -> cluster.leader().filter(core::contains).filter(SimulatedNode::isSettled).isPresent();
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

  /** Where all members are healed the group comes to the level that they all support (P18). */
  private void rise(List<SimulatedNode> members) {
    SimulatedNode leader = cluster.leader().orElseThrow();
    int lowest = VersionChanges.lowest(members);
    boolean areAll = leader.status().membership().members().size() == members.size();
    Violation.unless(
        !areAll
            || runUntil(
                SETTLE_NANOS,
                () ->
                    members.stream()
                        .allMatch(it -> it.status().membership().featureLevel() == lowest)),
        "P18",
        () -> "the group does not come to feature level " + lowest + cluster);
  }

  private static List<ListedNode> listed(List<SimulatedNode> nodes, SimulatedNode besides) {
    return nodes.stream().filter(node -> node != besides).map(SimulatedNode::listed).toList();
  }

  private static long term(List<SimulatedNode> core) {
    return core.stream().mapToLong(node -> node.status().term()).max().orElseThrow();
  }

  private void heal(List<SimulatedNode> core, Fate fate) {
    String what = "healed: " + core.size() + " nodes; the rest is " + fate;
    trace.add(Event.PHASE, null, core.size(), fate.ordinal(), what);
    network.heal();
    network.weather(Weather.FAIR);
    for (SimulatedNode node : cluster.nodes()) {
      node.calmDown();
      node.version().installHighest();
      boolean heals = core.contains(node);
      boolean runs = heals || fate != Fate.DEAD && cluster.isSound(node);
      boolean fit = node.isServing() && !node.isDoomed() && !node.isHeldUp();
      fit &= node.version().isHighest();
      if (heals && cluster.isFormed() && node.durableEntries() == 0) {
        // It was let in and has nothing of the log: whom it asked may be dead or gone by now.
        node.joinsBy(listed(core, node));
        fit = false;
      }
      if (node.isUp() && !(runs && fit)) {
        node.kill();
      }
      if (runs && !node.isUp()) {
        node.start();
      }
      if (runs && !heals) {
        fate.befalls(node, cluster, network);
      }
    }
  }
}
