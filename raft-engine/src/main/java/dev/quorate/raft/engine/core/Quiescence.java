package dev.quorate.raft.engine.core;

import dev.quorate.raft.api.Role;
import dev.quorate.raft.engine.message.Message;
import dev.quorate.raft.engine.message.Message.AppendAccepted;
import dev.quorate.raft.engine.message.Message.Consensus;
import dev.quorate.raft.engine.message.Message.Heartbeat;
import dev.quorate.raft.engine.message.Message.HeartbeatResponse;
import dev.quorate.raft.engine.message.Peer;
import dev.quorate.raft.engine.message.Quiet;
import java.util.List;
import java.util.Optional;

/**
 * A group in which nothing happens rests (rule P14): its leader sends no heartbeats, and no member
 * has a timer. Its heartbeats are said by the leader's host meanwhile, once for all groups that
 * rest, and answered by the members' hosts; what they heard is told here before anything else is
 * fed. So to rest is to have one's heartbeats carried by somebody else, and takes nothing away but
 * their rounds: whoever wants one, for a read or because anything has changed, wakes the node.
 *
 * <p>Votes, logs and commits know nothing of it. A member that rests wrongly costs time only.
 */
public final class Quiescence {

  private final NodeState state;
  private final Roles roles;
  private final Election election;
  private final Commands commands;
  private final Reads reads;
  private final StaleReads staleReads;
  private final Transfer transfer;
  private final PreferredLeader preferredLeader;
  private final Compaction compaction;
  private final Installing installing;
  private final Members members;
  private Optional<Quiet> resting = Optional.empty();

  Quiescence(
      NodeState state,
      Roles roles,
      Election election,
      Commands commands,
      Reads reads,
      StaleReads staleReads,
      Transfer transfer,
      PreferredLeader preferredLeader,
      Compaction compaction,
      Installing installing,
      Members members) {
    this.state = state;
    this.roles = roles;
    this.election = election;
    this.commands = commands;
    this.reads = reads;
    this.staleReads = staleReads;
    this.transfer = transfer;
    this.preferredLeader = preferredLeader;
    this.compaction = compaction;
    this.installing = installing;
    this.members = members;
  }

  /** What this node is at rest with, while it rests. */
  public Optional<Quiet> resting() {
    return resting;
  }

  /** What this node, as a leader, would ask the others to rest with; nothing if it would not. */
  public Optional<Quiet> offer(Time now) {
    return roles
        .leadership()
        .filter(leading -> leading.isQuiet(now) && isIdle(now))
        .map(leading -> present());
  }

  /** Whom this node would rest with: a leader with all others, another member with its leader. */
  public List<Peer> counterparts() {
    return roles
        .leadership()
        .map(Leadership::audience)
        .orElseGet(() -> state.leader().stream().toList());
  }

  /**
   * Rests, if nothing speaks against it. A leader does when all others do; another member when its
   * leader's host asks it to, if it has exactly what that leader has.
   *
   * @param leader who leads, in its boot
   * @param quiet where it leads, and how far
   * @return whether this node rests now
   */
  public boolean rest(Peer leader, Quiet quiet, Time now) {
    boolean agrees =
        state.leader().equals(Optional.of(leader))
            && quiet.equals(present())
            && (state.leads() ? offer(now).isPresent() : state.role() == Role.FOLLOWER)
            && isIdle(now);
    if (agrees) {
      resting = Optional.of(quiet);
    } else {
      wake(now);
    }
    return agrees;
  }

  /**
   * A host, in that boot, has said that it is there. To a leader this is an answer to a heartbeat
   * that was sent then, to another member a heartbeat that came then.
   */
  public void heard(Peer host, long nanos) {
    if (resting.isEmpty()) {
      return;
    }
    if (state.leads()) {
      roles
          .leadership()
          .flatMap(leading -> leading.progress(host.key()))
          .ifPresent(progress -> progress.heard(host.boot(), nanos));
    } else if (state.leader().equals(Optional.of(host))) {
      state.leaderHeardAt(nanos);
    }
  }

  /** Rests no longer: a leader begins with a round of heartbeats, others with their timer. */
  public void wake(Time now) {
    if (resting.isEmpty()) {
      return;
    }
    resting = Optional.empty();
    roles.leadership().ifPresent(leading -> leading.resume(now));
    if (!state.leads() && state.leader().isPresent()) {
      // Who has no leader any more has a new timer already.
      election.resume(state.leaderHeardNanos(), now);
    }
  }

  /** Any message wakes, except the last heartbeats before all rested, and their answers. */
  void onMessage(Message message, Time now) {
    boolean isBeat =
        message instanceof Heartbeat
            || message instanceof HeartbeatResponse
            || message instanceof AppendAccepted;
    if (!isBeat || ((Consensus) message).term() != state.term()) {
      wake(now);
    }
  }

  /** Whatever the inputs have changed wakes. */
  void endTurn(Time now) {
    boolean stays =
        resting.equals(Optional.of(present()))
            && state.leader().isPresent()
            && isIdle(now)
            && roles.leadership().filter(leading -> !leading.isQuiet(now)).isEmpty();
    if (!stays) {
      wake(now);
    }
  }

  /** When a turn is wanted: at rest only for a snapshot that is due by time. */
  long nextWakeUp(long byDefault) {
    return resting.isPresent() ? compaction.dueNanos() : byDefault;
  }

  /** Whether this node would ask for votes if it were woken up now. */
  public boolean isElectionDue(Time now) {
    return resting.isEmpty() && !state.leads() && election.isDue(now);
  }

  /** Enough others of this host ask for votes: this node does a little later. */
  public void postponeElection(Time now) {
    election.hasten(now);
  }

  private Quiet present() {
    return new Quiet(state.term(), state.log().lastIndex());
  }

  private boolean isIdle(Time now) {
    RaftLog log = state.log();
    return state.commitIndex() == log.lastIndex()
        && state.appliedIndex() == log.lastIndex()
        && log.writes().gate() == Effects.AT_ONCE
        && !state.configuration().isChanging()
        && !state.leases()
        && state.hasSpace()
        && state.applyFault().isEmpty()
        && state.removed().isEmpty()
        && !transfer.isRunning()
        && !transfer.resigned()
        && preferredLeader.isIdle()
        && commands.isIdle()
        && reads.isIdle()
        && staleReads.isIdle()
        && installing.isIdle()
        && compaction.isIdle(now)
        && members.isIdle(now);
  }
}
