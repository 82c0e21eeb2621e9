package dev.quorate.raft.testkit.internal.run;

import dev.quorate.raft.api.Outcome;
import dev.quorate.raft.api.Session;
import dev.quorate.raft.api.SessionOutcome;
import dev.quorate.raft.testkit.internal.check.SessionHistory.Submission;
import dev.quorate.raft.testkit.internal.node.SimulatedNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A client that writes down its commands before it submits them, several at a time. When its node
 * ends, or it has left the session there, it goes on with the session through another node, with
 * all commands whose end it may not know.
 */
final class PipeliningClient implements SessionClients.SessionClient {

  private static final int PIPELINE = 4;

  private final SessionClients.Surroundings around;
  private final List<Submission> journal = new ArrayList<>();
  private final List<Stay> stays = new ArrayList<>();
  private Optional<Stay> stay = Optional.empty();
  private long sessionId;
  private long unresolved;
  private int stepsAway;
  private boolean resting;

  PipeliningClient(SessionClients.Surroundings around) {
    this.around = around;
  }

  /** The client in a process of a node. */
  private final class Stay {
    private final SimulatedNode node;
    private final int boot;
    private Session session;
    private boolean left;
    private int open;

    private Stay(SimulatedNode node) {
      this.node = node;
      this.boot = node.boots();
    }

    private boolean isAlive() {
      return node.isBoot(boot);
    }

    /** Whether nothing comes from there any more. */
    private boolean isOver() {
      return !isAlive() || left && open == 0;
    }

    private void submit(Submission submission) {
      open++;
      session
          .submit(submission.command(), around.deadline())
          .thenAccept(outcome -> ended(submission, outcome));
    }

    private void ended(Submission submission, Outcome outcome) {
      if (isAlive()) {
        open--;
        around.checked(() -> submission.ended(outcome));
      }
    }

    private void leave() {
      left = true;
      if (session != null) {
        session.leave();
      }
    }
  }

  @Override
  public void step() {
    if (stepsAway > 0) {
      stepsAway--;
    } else if (stay.filter(it -> !it.isOver()).isEmpty()) {
      SimulatedNode node = around.anyNode();
      if (node.isServing()) {
        stay = Optional.of(new Stay(node));
        stays.add(stay.get());
        begin(stay.get());
      }
    } else if (stay.get().session != null && !stay.get().left) {
      use(stay.get());
    }
  }

  private void begin(Stay here) {
    if (sessionId == 0) {
      here.node.node().openSession(around.deadline()).thenAccept(outcome -> opened(here, outcome));
      return;
    }
    // It may have written down less than it knew.
    long from = Math.max(1, unresolved - around.random().nextInt(3));
    here.session = here.node.node().resumeSession(new Session.State(sessionId, from));
    for (long number = from; number <= journal.size(); number++) {
      Submission submission = journal.get((int) number - 1);
      submission.again();
      here.submit(submission);
    }
  }

  private void opened(Stay here, SessionOutcome outcome) {
    if (outcome instanceof SessionOutcome.Opened opened && here.isAlive()) {
      here.session = opened.session();
      sessionId = here.session.id();
      unresolved = 1;
      journal.clear();
    }
    if (here.session == null || resting) {
      here.leave();
    }
  }

  private void use(Stay here) {
    unresolved = Math.max(unresolved, here.session.state().nextSequence());
    if (here.session.isExpired()) {
      here.leave();
      sessionId = 0;
      return;
    }
    switch (here.node.isServing() ? around.random().nextInt(32) : 0) {
      case 0, 1 -> here.leave();
      case 2 -> {
        // As long as it takes to expire, sometimes.
        here.leave();
        stepsAway = around.random().nextInt(20);
      }
      case 3 -> {
        here.session.closeAsync();
        here.left = true;
        sessionId = 0;
      }
      default -> {
        for (int more = 1 + around.random().nextInt(PIPELINE); more > 0; more--) {
          byte[] command = around.command();
          journal.add(around.history().submitted(sessionId, journal.size() + 1L, command));
          here.submit(journal.get(journal.size() - 1));
        }
      }
    }
  }

  @Override
  public void rest() {
    resting = true;
    stay.filter(Stay::isAlive).ifPresent(Stay::leave);
  }

  @Override
  public long openCalls() {
    return stays.stream().filter(Stay::isAlive).mapToLong(it -> it.open).sum();
  }
}
