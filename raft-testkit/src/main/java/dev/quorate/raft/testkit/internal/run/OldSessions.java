package dev.quorate.raft.testkit.internal.run;

import dev.quorate.raft.api.Outcome;
import dev.quorate.raft.api.Session;
import dev.quorate.raft.testkit.internal.check.Reference;
import dev.quorate.raft.testkit.internal.check.SessionHistory.Submission;
import dev.quorate.raft.testkit.internal.check.SessionModel;
import dev.quorate.raft.testkit.internal.node.SimulatedNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Clients that ask a restored cluster again for commands of before the backup: each must be
 * answered with the result that it had then, as long as that is kept, and is not applied again
 * (I15).
 */
final class OldSessions {

  private static final long PAUSE_NANOS = 100_000_000;
  private static final Duration DEADLINE = Duration.ofSeconds(1);

  private final SessionClients.Surroundings around;
  private final Reference reference;
  private final List<Session.Place> places = new ArrayList<>();
  private boolean resting;
  private int answered;

  /**
   * The sessions of the backup.
   *
   * @param reference what the restored cluster's log amounts to, which ends with the backup now
   */
  OldSessions(SessionClients.Surroundings around, Reference reference) {
    this.around = around;
    this.reference = reference;
    for (SessionModel.Open session : reference.sessions()) {
      for (long number : session.kept()) {
        places.add(new Session.Place(session.id(), number, session.kept().get(0) - 1));
      }
    }
  }

  /** Asks now and then. */
  void begin() {
    around
        .agenda()
        .after(
            around.random().nextLong(2 * PAUSE_NANOS),
            () -> {
              if (!resting && !places.isEmpty()) {
                SimulatedNode node = around.anyNode();
                if (node.isServing()) {
                  ask(node, places.get(around.random().nextInt(places.size())), new HashSet<>());
                }
                begin();
              }
            });
  }

  void rest() {
    resting = true;
  }

  /** How often anybody was given a result. */
  int answered() {
    return answered;
  }

  /** Asks a node for all whose results are kept, and goes on until they are answered. */
  Set<Session.Place> demand(SimulatedNode node) {
    Set<Session.Place> open = new HashSet<>();
    places.stream().filter(this::isKept).forEach(open::add);
    places.stream().filter(open::contains).forEach(place -> insist(node, place, open));
    return open;
  }

  private void insist(SimulatedNode node, Session.Place place, Set<Session.Place> open) {
    if (open.contains(place)) {
      ask(node, place, open);
      around.agenda().after(PAUSE_NANOS, () -> insist(node, place, open));
    }
  }

  private boolean isKept(Session.Place place) {
    return reference.sessions().stream()
        .anyMatch(it -> it.id() == place.session() && it.kept().contains(place.sequence()));
  }

  private void ask(SimulatedNode node, Session.Place place, Set<Session.Place> open) {
    Submission first = around.history().at(new Reference.Place(place.session(), place.sequence()));
    node.node()
        .attempt(place, first.command(), DEADLINE)
        .thenAccept(
            outcome -> {
              around.checked(() -> first.attempted(outcome));
              if (outcome instanceof Outcome.Applied) {
                answered++;
                open.remove(place);
              }
            });
  }
}
