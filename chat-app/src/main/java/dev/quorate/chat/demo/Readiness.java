package dev.quorate.chat.demo;

import dev.quorate.chat.demo.console.Console;
import dev.quorate.chat.demo.status.ClusterStatus;
import dev.quorate.chat.demo.status.ClusterView;
import dev.quorate.chat.demo.status.ClusterView.Leader;
import dev.quorate.chat.demo.status.NodeState;
import dev.quorate.chat.demo.status.NodeView;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Waits, in bounds, until the cluster that was started can be used, and says how that goes. */
final class Readiness {
  /**
   * Once the nodes of this machine are up: the other machine may be started half a minute later;
   * nobody waits for ever.
   */
  private static final Duration LEADER_WITHIN = Duration.ofSeconds(45);

  /** Five JVMs on a machine that has much else to do. */
  private static final Duration UP_WITHIN = Duration.ofMinutes(3);

  /** A fresh cluster hands its leadership to the initial leader in a moment. */
  private static final Duration INITIAL_LEADER_WITHIN = Duration.ofSeconds(3);

  /** Whoever waits longer than this wants to know for what. */
  private static final Duration SILENCE = Duration.ofSeconds(4);

  /** The rest of a cluster that exists elects a leader without a node that cannot be started. */
  private static final Duration LEADER_AFTER_FAILURE_WITHIN = Duration.ofSeconds(5);

  private static final long LOOK_EVERY_MILLIS = 100;

  private final ClusterStatus status;
  private final Console console;

  Readiness(ClusterStatus status, Console console) {
    this.status = status;
    this.console = console;
  }

  /**
   * Waits for a leader.
   *
   * @param preferred the node that leads soon if all goes well; 0 if any will do
   * @return the last view; its leader is missing when there was none in time
   */
  ClusterView await(int preferred) throws InterruptedException {
    long begin = System.nanoTime();
    long nextWord = begin + SILENCE.toNanos();
    long otherLeaderSince = 0;
    long failureSince = 0;
    long upSince = 0;
    Optional<String> said = Optional.empty();
    while (true) {
      ClusterView view = status.look();
      long now = System.nanoTime();
      Optional<Leader> leader = view.acknowledgedLeader();
      if (leader.isPresent()) {
        if (preferred == 0 || leader.get().node() == preferred) {
          return view;
        }
        otherLeaderSince = otherLeaderSince == 0 ? now : otherLeaderSince;
        if (now - otherLeaderSince > INITIAL_LEADER_WITHIN.toNanos()) {
          return view;
        }
      }
      if (failureSince == 0 && someFailedAndTheRestIsUp(view)) {
        failureSince = now;
      }
      if (upSince == 0 && local(view).allMatch(Readiness::failedOrUp)) {
        upSince = now;
      }
      if (local(view).allMatch(node -> node.state() == NodeState.FAILED)
          || failureSince != 0 && now - failureSince > LEADER_AFTER_FAILURE_WITHIN.toNanos()
          || upSince != 0 && now - upSince > LEADER_WITHIN.toNanos()
          || now - begin > UP_WITHIN.toNanos()) {
        return view;
      }
      if (now > nextWord && view.trouble().isPresent() && !view.trouble().equals(said)) {
        said = view.trouble();
        nextWord = now + SILENCE.toNanos();
        console.print("Waiting: " + said.get() + ".");
      }
      TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MILLIS);
    }
  }

  private static boolean someFailedAndTheRestIsUp(ClusterView view) {
    return local(view).anyMatch(node -> node.state() == NodeState.FAILED)
        && local(view).allMatch(Readiness::failedOrUp);
  }

  private static boolean failedOrUp(NodeView node) {
    return node.state() == NodeState.FAILED || node.report().isPresent();
  }

  private static Stream<NodeView> local(ClusterView view) {
    return view.nodes().stream().filter(node -> node.place().local());
  }
}
