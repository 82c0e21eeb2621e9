package dev.quorate.raft.testkit.internal.run;

import dev.quorate.raft.api.Address;
import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.Outcome;
import dev.quorate.raft.api.ReadConsistency;
import dev.quorate.raft.api.ReadOutcome;
import dev.quorate.raft.api.Session;
import dev.quorate.raft.api.SessionOutcome;
import dev.quorate.raft.testkit.internal.check.ClientHistory;
import dev.quorate.raft.testkit.internal.check.SessionHistory.Submission;
import dev.quorate.raft.testkit.internal.network.ClientNetwork;
import dev.quorate.raft.testkit.internal.node.OutsideClient;
import dev.quorate.raft.testkit.internal.node.SimulatedNode;
import dev.quorate.raft.testkit.internal.time.Randomness;
import dev.quorate.raft.testkit.simulation.Fault;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * Clients outside the cluster, each near one of the machines, and what happens to their links. They
 * submit and read by themselves and in a session; what they are told is judged like what callers at
 * the nodes are told.
 */
final class OutsideClients implements FaultFamily {

  private static final int MAX_CLIENTS = 2;
  private static final int PIPELINE = 3;
  private static final long MILLI = 1_000_000;

  private final ClientNetwork network;
  private final ClientHistory history;
  private final List<Outsider> outsiders = new ArrayList<>();
  private boolean resting;

  OutsideClients(
      Plan plan,
      ClientNetwork network,
      Cluster cluster,
      ClientHistory history,
      SessionClients.Surroundings around,
      Randomness randomness) {
    this.network = network;
    this.history = history;
    if (!plan.disasters().anyOf(EnumSet.of(Fault.CLIENT_LINK_BREAK))) {
      return;
    }
    List<Address> addresses =
        cluster.nodes().stream().map(node -> node.listed().address()).toList();
    int count = randomness.stream("count").nextInt(1, 1 + MAX_CLIENTS);
    for (NodeId near : cluster.ids().subList(0, Math.min(count, cluster.ids().size()))) {
      Randomness own = randomness.part(near.value());
      outsiders.add(
          new Outsider(
              near,
              new OutsideClient(
                  around.agenda(), network, near, addresses, plan.settings().all(), own),
              around.of(own.stream("calls")),
              plan.load().paceNanos().orElse(30 * MILLI)));
    }
  }

  @Override
  public Set<Fault> faults() {
    return EnumSet.of(Fault.CLIENT_LINK_BREAK);
  }

  @Override
  public boolean strike(Fault fault, SimulatedNode victim, RandomGenerator random) {
    return network.breakOne(random);
  }

  void begin() {
    outsiders.forEach(Outsider::again);
  }

  void rest() {
    resting = true;
    outsiders.forEach(Outsider::leave);
  }

  long openCalls() {
    return outsiders.stream().mapToLong(outsider -> outsider.open).sum();
  }

  /**
   * Each client near one of these machines submits and reads. A client near another may be cut off
   * together with it. Tells how many there are.
   */
  int prove(List<SimulatedNode> core, Duration deadline) {
    List<Outsider> reachable =
        outsiders.stream()
            .filter(outsider -> core.stream().anyMatch(node -> node.id().equals(outsider.near)))
            .toList();
    for (Outsider outsider : reachable) {
      outsider.submit(deadline);
      outsider.read(ReadConsistency.LINEARIZABLE, deadline);
    }
    return reachable.size();
  }

  /** One client. */
  private final class Outsider {

    private final NodeId near;
    private final OutsideClient client;
    private final SessionClients.Surroundings around;
    private final Levels levels;
    private final long meanNanos;
    private Optional<Session> session = Optional.empty();
    private boolean opening;
    private long submitted;
    private int open;

    private Outsider(
        NodeId near, OutsideClient client, SessionClients.Surroundings around, long meanNanos) {
      this.near = near;
      this.client = client;
      this.around = around;
      this.levels = new Levels(around.random());
      this.meanNanos = meanNanos;
    }

    private void again() {
      around
          .agenda()
          .after(
              around.random().nextLong(2 * meanNanos),
              () -> {
                if (!resting) {
                  step();
                  again();
                }
              });
    }

    private void step() {
      switch (around.random().nextInt(4)) {
        case 0 -> submit(around.deadline());
        case 1 -> read(levels.draw(history.acknowledgedIndex()), around.deadline());
        default -> session.ifPresentOrElse(this::use, this::openSession);
      }
    }

    private void submit(Duration deadline) {
      byte[] payload = around.command();
      ClientHistory.Command command = history.submitted(payload);
      open++;
      client
          .calls()
          .submit(payload, deadline)
          .thenAccept(outcome -> ended(() -> command.ended(outcome)));
    }

    private void read(ReadConsistency consistency, Duration deadline) {
      byte[] query = around.query();
      ClientHistory.Read read = history.reads(query, consistency);
      open++;
      client
          .calls()
          .read(query, consistency, deadline)
          .thenAccept((ReadOutcome outcome) -> ended(() -> read.ended(outcome)));
    }

    private void ended(Runnable judge) {
      open--;
      around.checked(judge);
    }

    private void openSession() {
      if (opening) {
        return;
      }
      opening = true;
      open++;
      client
          .calls()
          .openSession(around.deadline())
          .thenAccept(
              outcome -> {
                open--;
                opening = false;
                if (outcome instanceof SessionOutcome.Opened opened) {
                  session = Optional.of(opened.session());
                  submitted = 0;
                }
                if (resting) {
                  leave();
                }
              });
    }

    private void use(Session in) {
      if (in.isExpired() || around.random().nextInt(32) == 0) {
        in.closeAsync();
        session = Optional.empty();
        return;
      }
      for (int more = 1 + around.random().nextInt(PIPELINE); more > 0; more--) {
        submitted++;
        Submission submission = around.history().submitted(in.id(), submitted, around.command());
        open++;
        in.submit(submission.command(), around.deadline())
            .thenAccept((Outcome outcome) -> ended(() -> submission.ended(outcome)));
      }
    }

    private void leave() {
      session.ifPresent(Session::leave);
      session = Optional.empty();
    }
  }
}
