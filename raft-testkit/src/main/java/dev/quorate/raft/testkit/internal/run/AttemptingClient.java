package dev.quorate.raft.testkit.internal.run;

import dev.quorate.raft.api.Outcome;
import dev.quorate.raft.api.RejectReason;
import dev.quorate.raft.api.Session;
import dev.quorate.raft.api.SessionOutcome;
import dev.quorate.raft.testkit.internal.check.SessionHistory.Submission;
import dev.quorate.raft.testkit.internal.check.SessionModel;
import dev.quorate.raft.testkit.internal.node.SimulatedNode;

/**
 * A client that is no process of the cluster: it numbers its commands, and tries each through
 * whichever node until it knows its end; often once more after that, and through two at a time.
 */
final class AttemptingClient implements SessionClients.SessionClient {

  private final SessionClients.Surroundings around;
  private long session;
  private long sequence;
  private long acknowledged;
  private Submission submission;

  AttemptingClient(SessionClients.Surroundings around) {
    this.around = around;
  }

  /** A client that goes on with a session, of which it knows how many commands were applied. */
  AttemptingClient(SessionClients.Surroundings around, SessionModel.Open opened) {
    this(around);
    session = opened.id();
    sequence = opened.last();
  }

  @Override
  public void step() {
    SimulatedNode node = around.anyNode();
    if (!node.isServing()) {
      return;
    }
    if (session == 0) {
      open(node);
    } else if (submission == null || submission.isApplied() && around.random().nextBoolean()) {
      next(node);
    } else {
      attempt(node);
    }
  }

  private void open(SimulatedNode node) {
    node.node()
        .openSession(around.deadline())
        .thenAccept(
            outcome -> {
              if (outcome instanceof SessionOutcome.Opened opened) {
                opened.session().leave();
                begin(opened.session().id());
              }
            });
  }

  private void begin(long id) {
    session = id;
    sequence = 0;
    acknowledged = 0;
    submission = null;
  }

  private void next(SimulatedNode node) {
    if (around.random().nextInt(4) > 0) {
      acknowledged = sequence;
    }
    sequence++;
    submission = around.history().submitted(session, sequence, around.command());
    attempt(node);
    SimulatedNode other = around.anyNode();
    if (around.random().nextInt(4) == 0 && other.isServing()) {
      attempt(other);
    }
  }

  private void attempt(SimulatedNode node) {
    Submission tried = submission;
    long in = session;
    node.node()
        .attempt(
            new Session.Place(session, sequence, acknowledged), tried.command(), around.deadline())
        .thenAccept(
            outcome -> {
              around.checked(() -> tried.attempted(outcome));
              if (in == session
                  && outcome instanceof Outcome.Rejected rejected
                  && rejected.reason() == RejectReason.SESSION_EXPIRED) {
                begin(0);
              }
            });
  }

  @Override
  public void rest() {
    submission = null;
  }

  @Override
  public long openCalls() {
    return 0;
  }
}
