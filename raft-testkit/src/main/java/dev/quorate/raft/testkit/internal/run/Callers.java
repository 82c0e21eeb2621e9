package dev.quorate.raft.testkit.internal.run;

import dev.quorate.raft.api.ReadConsistency;
import dev.quorate.raft.testkit.internal.node.SimulatedNode;
import dev.quorate.raft.testkit.internal.time.Agenda;
import dev.quorate.raft.testkit.internal.time.Randomness;
import dev.quorate.raft.testkit.simulation.Fault;
import dev.quorate.raft.testkit.simulation.Workload;
import java.time.Duration;
import java.util.random.RandomGenerator;

/** Submits and reads at any node, now and then, as the workload says. */
final class Callers {

  private static final long MILLI = 1_000_000;
  private static final int BURST = 200;
  private static final int WATCHES = 6;
  private static final long WATCH_NANOS = 300 * MILLI;
  private static final Duration LOOK_DEADLINE = Duration.ofSeconds(1);

  private final Workload workload;
  private final Agenda agenda;
  private final Cluster cluster;
  private final RandomGenerator times;
  private final RandomGenerator commands;
  private final RandomGenerator queries;
  private final RandomGenerator bursts;
  private final RandomGenerator mistakes;
  private final RandomGenerator looks;
  private final RandomGenerator watches;
  private final Levels levels;
  private final Levels lookLevels;
  private final Load load;
  private final long meanNanos;
  private final Disasters disasters;
  private final int maxCommandBytes;
  private final Counters counters;
  private boolean resting;

  Callers(
      Workload workload,
      Agenda agenda,
      Cluster cluster,
      Randomness randomness,
      Disasters disasters,
      int maxCommandBytes,
      Load load,
      Counters counters) {
    this.workload = workload;
    this.agenda = agenda;
    this.cluster = cluster;
    this.times = randomness.stream("times");
    this.commands = randomness.stream("commands");
    this.queries = randomness.stream("queries");
    this.bursts = randomness.stream("bursts");
    this.levels = new Levels(randomness.stream("levels"));
    this.load = load;
    this.meanNanos =
        load.paceNanos().orElseGet(() -> MILLI << randomness.stream("pace").nextInt(3, 7));
    this.mistakes = randomness.stream("mistakes");
    this.looks = randomness.stream("looks");
    this.watches = randomness.stream("watches");
    this.lookLevels = new Levels(randomness.stream("levels of looks"));
    this.disasters = disasters;
    this.maxCommandBytes = maxCommandBytes;
    this.counters = counters;
  }

  void begin() {
    for (int caller = 0; caller < load.callers(); caller++) {
      again();
    }
  }

  private void again() {
    agenda.after(
        times.nextLong(2 * meanNanos),
        () -> {
          if (!resting) {
            call();
            again();
          }
        });
  }

  void rest() {
    resting = true;
  }

  private void call() {
    int count = 1;
    if (happens(Fault.BURST, bursts)) {
      count = BURST;
    }
    for (int i = 0; i < count; i++) {
      SimulatedNode node = anyOrLeader(times);
      Duration deadline = Duration.ofMillis(times.nextLong(100, 3_000));
      if (!node.isServing()) {
        continue;
      }
      if (load.isRead(times)) {
        node.read(workload.query(queries), levels.draw(node.knownToCallers()), deadline);
      } else {
        submit(node, deadline);
      }
    }
  }

  /** Reads for a while from a leader that may not learn that it is none any more. */
  void watch(SimulatedNode leader) {
    for (int i = 0; i < WATCHES; i++) {
      byte[] query = workload.query(watches);
      agenda.after(
          watches.nextLong(WATCH_NANOS),
          () -> {
            if (!resting && leader.isServing()) {
              leader.read(query, ReadConsistency.LEASE, LOOK_DEADLINE);
            }
          });
    }
  }

  /** Submits many commands at one node at once. */
  void burst(SimulatedNode node) {
    int count = node.isServing() ? 1 + bursts.nextInt(BURST) : 0;
    for (int i = 0; i < count; i++) {
      node.submit(workload.command(bursts), LOOK_DEADLINE, this::lookElsewhere);
    }
  }

  /** Every second time one that believes to lead, and may be wrong. */
  private SimulatedNode anyOrLeader(RandomGenerator random) {
    SimulatedNode any = cluster.any(random);
    return random.nextBoolean() ? cluster.anyLeader(random).orElse(any) : any;
  }

  private boolean happens(Fault fault, RandomGenerator random) {
    boolean happens = !resting && random.nextInt(300 * disasters.rarity()) < disasters.of(fault);
    if (happens) {
      counters.count(fault);
    }
    return happens;
  }

  void submit(SimulatedNode node, Duration deadline) {
    byte[] command = workload.command(commands);
    SimulatedNode other = cluster.any(mistakes);
    if (happens(Fault.OVERSIZED_CALL, mistakes)) {
      node.submit(new byte[maxCommandBytes + 1 + mistakes.nextInt(maxCommandBytes)], deadline);
    }
    if (other.isServing() && happens(Fault.DUPLICATE_CALL, mistakes)) {
      other.submit(command, deadline);
    }
    node.submit(command, deadline, this::lookElsewhere);
  }

  /** Who has an answer often looks at another node at once: that is when a stale read shows. */
  private void lookElsewhere() {
    SimulatedNode other = anyOrLeader(looks);
    if (looks.nextBoolean()) {
      agenda.after(
          0,
          () -> {
            if (!resting && other.isServing()) {
              other.read(
                  workload.query(queries), lookLevels.draw(other.knownToCallers()), LOOK_DEADLINE);
            }
          });
    }
  }

  void read(SimulatedNode node, Duration deadline) {
    node.read(workload.query(queries), ReadConsistency.LINEARIZABLE, deadline);
  }
}
