package dev.quorate.raft.testkit.internal.run;

import dev.quorate.raft.api.Session;
import dev.quorate.raft.api.SessionOutcome;
import dev.quorate.raft.testkit.internal.check.SessionHistory;
import dev.quorate.raft.testkit.internal.check.SessionHistory.Submission;
import dev.quorate.raft.testkit.internal.check.SessionModel;
import dev.quorate.raft.testkit.internal.node.SimulatedNode;
import dev.quorate.raft.testkit.internal.time.Agenda;
import dev.quorate.raft.testkit.internal.time.Randomness;
import dev.quorate.raft.testkit.internal.verdict.Violation;
import dev.quorate.raft.testkit.simulation.Workload;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * Clients of sessions, up to a few: some let the library pipeline and repeat their commands and
 * follow it through the crashes of the nodes, some number their commands themselves and try them
 * through whichever node.
 */
final class SessionClients {

  private static final int MAX_CLIENTS = 4;
  private static final long MILLI = 1_000_000;

  private final List<SessionClient> clients = new ArrayList<>();
  private final Surroundings around;
  private final Randomness randomness;
  private final Load load;
  private boolean resting;

  /** What a client needs of the run. */
  record Surroundings(
      Workload workload,
      Agenda agenda,
      Cluster cluster,
      SessionHistory history,
      RandomGenerator random,
      Consumer<Violation> violated) {

    Duration deadline() {
      return Duration.ofMillis(random.nextLong(50, 2_000));
    }

    SimulatedNode anyNode() {
      return cluster.any(random);
    }

    byte[] command() {
      return workload.command(random);
    }

    byte[] query() {
      return workload.query(random);
    }

    /** The same for somebody who draws from another stream. */
    Surroundings of(RandomGenerator other) {
      return new Surroundings(workload, agenda, cluster, history, other, violated);
    }

    /** Runs a callback of a future, which would keep what is thrown to itself. */
    void checked(Runnable callback) {
      try {
        callback.run();
      } catch (Violation e) {
        violated.accept(e);
      }
    }
  }

  /** One client. */
  interface SessionClient {
    /** Does something, now and then. */
    void step();

    /** Does nothing any more. */
    void rest();

    /** How many calls wait for their end. */
    long openCalls();
  }

  SessionClients(Surroundings around, Randomness randomness, Load load) {
    this.around = around.of(randomness.stream("proof"));
    this.randomness = randomness;
    this.load = load;
    int count = load.sessions().orElseGet(() -> randomness.stream("count").nextInt(MAX_CLIENTS));
    for (int i = 0; i < count; i++) {
      RandomGenerator random = randomness.stream("client " + i);
      Surroundings its = around.of(random);
      begin(random.nextBoolean() ? new PipeliningClient(its) : new AttemptingClient(its), random);
    }
  }

  private void begin(SessionClient client, RandomGenerator random) {
    clients.add(client);
    long drawn = 20 * MILLI << random.nextInt(5);
    again(around.agenda, client, random, load.paceNanos().orElse(drawn));
  }

  /** Somebody goes on with every second of these sessions. */
  void resume(List<SessionModel.Open> sessions) {
    for (int i = 0; i < sessions.size(); i += 2) {
      RandomGenerator random = randomness.stream("resumed " + i);
      begin(new AttemptingClient(around.of(random), sessions.get(i)), random);
    }
  }

  private void again(Agenda agenda, SessionClient client, RandomGenerator random, long nanos) {
    agenda.after(
        random.nextLong(2 * nanos),
        () -> {
          if (!resting) {
            client.step();
            again(agenda, client, random, nanos);
          }
        });
  }

  void rest() {
    resting = true;
    clients.forEach(SessionClient::rest);
  }

  /** Opens a session at a node, has two commands applied in it, and closes it. */
  void prove(SimulatedNode node, Duration deadline, Runnable done) {
    node.node()
        .openSession(deadline)
        .thenAccept(
            outcome -> {
              if (outcome instanceof SessionOutcome.Opened opened) {
                Session session = opened.session();
                submit(session, 1, deadline, () -> {});
                submit(session, 2, deadline, () -> session.closeAsync().thenRun(done));
              }
            });
  }

  private void submit(Session session, long number, Duration deadline, Runnable applied) {
    Submission submission = around.history.submitted(session.id(), number, around.command());
    session
        .submit(submission.command(), deadline)
        .thenAccept(
            outcome -> {
              around.checked(() -> submission.ended(outcome));
              if (submission.isApplied()) {
                applied.run();
              }
            });
  }

  long openCalls() {
    return clients.stream().mapToLong(SessionClient::openCalls).sum();
  }
}
