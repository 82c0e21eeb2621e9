package dev.quorate.raft.testkit.internal.run;

import dev.quorate.raft.api.ReadConsistency;
import dev.quorate.raft.testkit.internal.node.Replica;
import dev.quorate.raft.testkit.internal.time.Agenda;
import dev.quorate.raft.testkit.internal.time.Randomness;
import dev.quorate.raft.testkit.simulation.Workload;
import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Calls a further group a few times, and then leaves it alone for a while, so that it may come to
 * rest and has to be woken.
 */
final class NeighbourCallers {

  private static final long MILLI = 1_000_000;
  private static final long MEAN_NANOS = 2_000 * MILLI;
  private static final int MOST = 8;
  private static final int SELDOM = 24;

  private final Neighbour neighbour;
  private final Workload workload;
  private final Agenda agenda;
  private final RandomGenerator random;
  private final Levels levels;
  private boolean resting;

  NeighbourCallers(Neighbour neighbour, Workload workload, Agenda agenda, Randomness randomness) {
    this.neighbour = neighbour;
    this.workload = workload;
    this.agenda = agenda;
    this.random = randomness.stream("calls");
    this.levels = new Levels(randomness.stream("levels"));
  }

  void begin() {
    agenda.after(
        random.nextLong(2 * MEAN_NANOS),
        () -> {
          if (!resting) {
            for (int more = random.nextInt(MOST); more >= 0; more--) {
              call();
            }
            begin();
          }
        });
  }

  void rest() {
    resting = true;
  }

  private void call() {
    Replica replica = anyOrLeader();
    Duration deadline = Duration.ofMillis(random.nextLong(100, 3_000));
    if (!replica.isServing()) {
      return;
    }
    switch (random.nextInt(SELDOM)) {
      case 0 -> replica.transferTo(any().id(), deadline);
      case 1 -> replica.takeSnapshot(deadline);
      case 2, 3, 4, 5, 6, 7, 8 -> read(replica, deadline);
      default -> replica.submit(workload.command(random), deadline, this::lookElsewhere);
    }
  }

  private Replica any() {
    List<Replica> all = neighbour.replicas();
    return all.get(random.nextInt(all.size()));
  }

  private Replica anyOrLeader() {
    Replica any = any();
    return random.nextBoolean() ? neighbour.leader().orElse(any) : any;
  }

  private void read(Replica replica, Duration deadline) {
    long known = neighbour.world().history().acknowledgedIndex();
    replica.read(workload.query(random), levels.draw(known), deadline);
  }

  private void lookElsewhere() {
    Replica other = anyOrLeader();
    agenda.after(
        0,
        () -> {
          if (!resting && other.isServing()) {
            read(other, Duration.ofSeconds(1));
          }
        });
  }

  /** Writes and reads at one of its nodes. */
  void prove(Replica replica, Duration deadline) {
    submit(replica, deadline);
    replica.read(workload.query(random), ReadConsistency.LINEARIZABLE, deadline);
  }

  void submit(Replica replica, Duration deadline) {
    replica.submit(workload.command(random), deadline, () -> {});
  }
}
