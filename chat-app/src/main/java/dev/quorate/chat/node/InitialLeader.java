package dev.quorate.chat.node;

import dev.quorate.chat.command.Command;
import dev.quorate.chat.command.SettleLeadership;
import dev.quorate.chat.query.LeadershipSettled;
import dev.quorate.chat.query.Query;
import dev.quorate.chat.result.Leadership;
import dev.quorate.chat.result.Result;
import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.NodeStatus;
import dev.quorate.raft.api.Outcome;
import dev.quorate.raft.api.RaftListener;
import dev.quorate.raft.api.RaftNode;
import dev.quorate.raft.api.ReadOutcome;
import dev.quorate.raft.api.Role;
import dev.quorate.raft.api.TransferOutcome;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Has a fresh cluster led by the node that its file names, once and never again.
 *
 * <p>That it is settled is replicated: whoever becomes leader asks the state, linearizably, and
 * does nothing if it is. Else the initial leader itself settles it at once. Any other leader waits
 * until the initial leader answers and has the whole log, hands over, and leaves the settling to
 * it. If that does not come about in {@link #PATIENCE} (it is down, or refuses), the leader settles
 * it with itself: a cluster that works must not change leaders for the sake of order later on.
 */
final class InitialLeader implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(15);
  private static final Duration PAUSE = Duration.ofMillis(50);
  private static final Duration PAUSE_AFTER_FAILURE = Duration.ofMillis(500);
  private static final Duration CALL = Duration.ofSeconds(2);

  private static final System.Logger LOG = System.getLogger(InitialLeader.class.getName());

  private final RaftNode node;
  private final NodeId wanted;
  private final ScheduledExecutorService timer;
  private final RaftNode.Registration registration;

  /** The term in which this node leads and has not seen it settled, or 0. The timer's thread's. */
  private long openTerm;

  private long giveUpAt;

  /** Begins to watch over a node. */
  static InitialLeader watch(RaftNode node, NodeId wanted) {
    return new InitialLeader(node, wanted);
  }

  private InitialLeader(RaftNode node, NodeId wanted) {
    this.node = node;
    this.wanted = wanted;
    this.timer =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread thread = new Thread(task, "initial-leader");
              thread.setDaemon(true);
              return thread;
            },
            // What is heard while closing is of no interest any more.
            new ThreadPoolExecutor.DiscardPolicy());
    this.registration = node.addListener(new RoleListener());
  }

  /** Hands what it hears to the timer's thread, where all the rest happens. */
  private final class RoleListener implements RaftListener {
    @Override
    public void onRoleChanged(Role role, long term) {
      timer.execute(() -> roleChanged(role, term));
    }
  }

  private void roleChanged(Role role, long term) {
    if (role != Role.LEADER) {
      openTerm = 0;
    } else if (openTerm != term) {
      openTerm = term;
      giveUpAt = System.nanoTime() + PATIENCE.toNanos();
      step(term);
    }
  }

  private void step(long term) {
    if (term != openTerm) {
      return;
    }
    Duration pause;
    try {
      pause = settle();
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.WARNING, "cannot settle who leads first; trying again", e);
      pause = PAUSE_AFTER_FAILURE;
    }
    if (pause.isZero()) {
      openTerm = 0;
    } else {
      timer.schedule(() -> step(term), pause.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  /** What is to be done next. */
  enum Step {
    /** It is settled. */
    NOTHING,
    /** Settle it with the node that leads now. */
    SETTLE,
    /** Hand over to the initial leader. */
    HAND_OVER,
    /** The initial leader is not ready yet. */
    WAIT
  }

  /** Decides, for a node that leads. */
  static Step next(boolean settled, NodeStatus status, NodeId wanted, boolean patienceIsOver) {
    if (settled) {
      return Step.NOTHING;
    }
    if (status.node().equals(wanted) || patienceIsOver) {
      return Step.SETTLE;
    }
    return isReady(status, wanted) ? Step.HAND_OVER : Step.WAIT;
  }

  private static boolean isReady(NodeStatus status, NodeId wanted) {
    return status.peers().stream()
        .anyMatch(
            peer ->
                peer.node().equals(wanted)
                    && peer.voter()
                    && peer.active()
                    && peer.matchIndex() >= status.commitIndex());
  }

  /** One attempt; returns when to try again, or zero if there is nothing left to do. */
  private Duration settle() {
    if (!(node.read(Query.CODEC.write(new LeadershipSettled()), CALL).join()
        instanceof ReadOutcome.Answered answered)) {
      return PAUSE;
    }
    boolean settled =
        Result.CODEC.read(ByteBuffer.wrap(answered.value())) instanceof Leadership leadership
            && leadership.settled();
    boolean patienceIsOver = System.nanoTime() - giveUpAt >= 0;
    return switch (next(settled, node.status(), wanted, patienceIsOver)) {
      case NOTHING -> Duration.ZERO;
      case SETTLE ->
          propose(
              node.id().equals(wanted)
                  ? "node " + wanted + " leads, as the cluster file wants"
                  : "node " + wanted + " could not take over; node " + node.id() + " leads on");
      case HAND_OVER -> handOver();
      case WAIT -> PAUSE;
    };
  }

  private Duration propose(String reason) {
    Outcome outcome = node.submit(Command.CODEC.write(new SettleLeadership()), CALL).join();
    if (outcome instanceof Outcome.Applied) {
      LOG.log(System.Logger.Level.INFO, reason);
      return Duration.ZERO;
    }
    return PAUSE;
  }

  private Duration handOver() {
    TransferOutcome outcome = node.transferLeadership(wanted, CALL).join();
    if (outcome instanceof TransferOutcome.Failed failed) {
      LOG.log(
          System.Logger.Level.INFO,
          "handing over to the initial leader, node {0}, failed: {1}",
          wanted,
          failed.message());
      return PAUSE_AFTER_FAILURE;
    }
    return Duration.ZERO;
  }

  @Override
  public void close() {
    registration.close();
    timer.shutdownNow();
  }
}
