package dev.quorate.raft.engine.core;

import dev.quorate.raft.api.Address;
import dev.quorate.raft.api.MembershipChange;
import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.ReadConsistency;
import dev.quorate.raft.api.RejectReason;
import dev.quorate.raft.api.storage.LogEntry;
import dev.quorate.raft.api.storage.SnapshotId;
import dev.quorate.raft.engine.core.Effects.Completion;
import dev.quorate.raft.engine.message.ClusterSettings;
import dev.quorate.raft.engine.message.Message;
import dev.quorate.raft.engine.message.Message.AppendAccepted;
import dev.quorate.raft.engine.message.Message.AppendRejected;
import dev.quorate.raft.engine.message.Message.AppendRequest;
import dev.quorate.raft.engine.message.Message.Consensus;
import dev.quorate.raft.engine.message.Message.FormationAnswer;
import dev.quorate.raft.engine.message.Message.FormationProbe;
import dev.quorate.raft.engine.message.Message.ForwardCommand;
import dev.quorate.raft.engine.message.Message.ForwardResult;
import dev.quorate.raft.engine.message.Message.Heartbeat;
import dev.quorate.raft.engine.message.Message.HeartbeatResponse;
import dev.quorate.raft.engine.message.Message.ReadIndexRequest;
import dev.quorate.raft.engine.message.Message.ReadIndexResponse;
import dev.quorate.raft.engine.message.Message.SnapshotAnswer;
import dev.quorate.raft.engine.message.Message.SnapshotOffer;
import dev.quorate.raft.engine.message.Message.TimeoutNow;
import dev.quorate.raft.engine.message.Message.VoteRequest;
import dev.quorate.raft.engine.message.Message.VoteResponse;
import dev.quorate.raft.engine.message.Peer;
import dev.quorate.raft.engine.message.Proposal;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * One member's part in consensus. Feed it inputs, end the turn, carry out the effects. It is not
 * safe for use by several threads, and never blocks.
 *
 * <p>The legal transitions between roles are in {@link Roles}.
 */
public final class RaftCore {

  private final NodeState state;
  private final FirstEntry firstEntry;
  private final LogReads logReads = new LogReads();
  private final Election election;
  private final Follower follower;
  private final Commands commands;
  private final Reads reads;
  private final StaleReads staleReads;
  private final Transfer transfer;
  private final SharedSettings sharedSettings;
  private final PreferredLeader preferredLeader;
  private final Applying applying;
  private final Compaction compaction;
  private final Installing installing;
  private final Members members;
  private final Roles roles;
  private final Voting voting;
  private final Quiescence quiescence;

  /**
   * A member of a formed group.
   *
   * @param self this node, its disk and its boot
   * @param settings times and bounds
   * @param snapshots when snapshots are taken
   * @param beginning what is on its disk
   * @param random the source of randomness
   * @param now the time
   */
  public RaftCore(
      Peer self,
      CoreSettings settings,
      SnapshotSettings snapshots,
      Beginning beginning,
      RandomGenerator random,
      Time now) {
    RaftLog log = new RaftLog(beginning, settings.cacheBytes());
    state = new NodeState(self, settings, log, beginning.snapshot(), random);
    firstEntry = new FirstEntry(beginning.bootstrap(), state);
    election = new Election(state, now);
    follower = new Follower(state);
    commands = new Commands(state);
    reads = new Reads(state);
    staleReads = new StaleReads(state);
    transfer = new Transfer(state, commands);
    sharedSettings = new SharedSettings(state, commands);
    preferredLeader = new PreferredLeader(state, transfer);
    applying = new Applying(state, logReads, commands);
    compaction = new Compaction(state, snapshots, now);
    installing = new Installing(state, applying, compaction);
    members = new Members(state);
    beginning.told().ifPresent(members.belonging()::told);
    roles =
        new Roles(state, logReads, election, commands, reads, transfer, members.reconfiguration());
    voting = new Voting(state, election, roles);
    quiescence =
        new Quiescence(
            state,
            roles,
            election,
            commands,
            reads,
            staleReads,
            transfer,
            preferredLeader,
            compaction,
            installing,
            members);
  }

  /**
   * Where this node is reached, and whom it may ask besides the members that it knows. Without it,
   * a node that was removed or whose log is far behind asks nobody.
   */
  public void introduce(Address address, List<NodeId> others) {
    members.introduce(address, others);
  }

  /** The highest feature level that this node's version supports; without it, the present one. */
  public void supports(int level) {
    members.supports(level);
  }

  /** Who is asked before a command is appended; without it nobody is. */
  public void validateBy(Validation validation) {
    commands.validateBy(validation);
  }

  /** What a leader appends that finds no settings in the log; unless this is called, nothing. */
  public void seed(ClusterSettings first) {
    sharedSettings.seed(first);
  }

  /** A message came from a peer. */
  public void onMessage(Peer from, Message message, Time now, Effects effects) {
    state.met(from, now);
    quiescence.onMessage(message, now);
    if (message instanceof Consensus consensus) {
      onConsensus(from, consensus, now, effects);
    } else if (message instanceof ForwardCommand forward) {
      commands.onForward(from, forward, now, effects);
    } else if (message instanceof ForwardResult result) {
      commands.onForwardResult(result, now, effects);
    } else if (message instanceof ReadIndexRequest request) {
      reads.onRequest(from, request, effects);
    } else if (message instanceof ReadIndexResponse response) {
      reads.onResponse(response);
    } else {
      if (message instanceof FormationProbe) {
        LogEntry told = firstEntry.told();
        state.answer(from, new FormationAnswer(Optional.of(told)), Effects.AT_ONCE, effects);
      }
      members.onMessage(from, message, now, effects);
    }
  }

  private void onConsensus(Peer from, Consensus message, Time now, Effects effects) {
    if (message instanceof VoteRequest) {
      members.belonging().onCandidate(from, effects);
    }
    if (message.term() < state.term()) {
      onOldTerm(from, message, effects);
    } else if (message instanceof VoteRequest request) {
      voting.onRequest(from, request, now, effects);
    } else if (message instanceof VoteResponse response) {
      voting.onResponse(from, response, now, effects);
    } else {
      boolean fromLeader =
          message instanceof AppendRequest
              || message instanceof Heartbeat
              || message instanceof SnapshotOffer;
      if (message.term() > state.term()) {
        roles.becomeFollower(message.term(), now, effects);
      }
      if (fromLeader) {
        roles.followLeader(from, now, effects);
      }
      onMessageOfThisTerm(from, message, now, effects);
    }
  }

  private void onMessageOfThisTerm(Peer from, Consensus message, Time now, Effects effects) {
    if (message instanceof AppendRequest request) {
      follower.onAppend(from, request, effects);
    } else if (message instanceof Heartbeat heartbeat) {
      members.belonging().onLeader(from, heartbeat.address(), now);
      follower.onHeartbeat(from, heartbeat, now, effects);
      staleReads.vouch(heartbeat.fresh());
    } else if (message instanceof SnapshotOffer offer) {
      installing.onOffer(from, offer, now, effects);
    } else if (message instanceof TimeoutNow) {
      roles.onTimeoutNow(now, effects);
    } else if (roles.leadership().isPresent()) {
      Leadership leading = roles.leadership().get();
      if (message instanceof AppendAccepted accepted) {
        leading.onAccepted(from, accepted, now);
      } else if (message instanceof AppendRejected rejected) {
        leading.onRejected(from, rejected, now);
      } else if (message instanceof HeartbeatResponse response) {
        leading.onHeartbeatResponse(from, response, now);
      } else if (message instanceof SnapshotAnswer answer) {
        leading.onSnapshotAnswer(from, answer, now);
      }
    }
  }

  /**
   * Whoever is behind is told the term, so that it stops; answers to old questions are dropped. The
   * answer names neither its round nor its index: it carries the new term, in which the receiver
   * may have come to lead, and a round of its old term must not confirm a read of the new one.
   */
  private void onOldTerm(Peer from, Consensus message, Effects effects) {
    long gate = state.log().writes().hardStateGate();
    if (message instanceof VoteRequest request) {
      state.answer(from, new VoteResponse(state.term(), request.preVote(), false), gate, effects);
    } else if (message instanceof AppendRequest
        || message instanceof Heartbeat
        || message instanceof SnapshotOffer) {
      state.answer(
          from, new HeartbeatResponse(state.term(), 0, 0, 0, state.hasSpace()), gate, effects);
    }
  }

  /** A command of this process, or what else a caller may have appended. */
  public void onCommand(long number, Proposal command, Time now, Effects effects) {
    commands.onCommand(number, command, now, effects);
  }

  /** A read of this process. */
  public void onRead(long number, ReadConsistency consistency, Time now, Effects effects) {
    if (state.applyFault().isPresent()) {
      effects.complete(
          new Completion.ReadRefused(
              number, RejectReason.DEGRADED, state.applyFault().orElseThrow()));
    } else if (consistency instanceof ReadConsistency.Stale stale) {
      staleReads.onRead(number, stale.maxLag());
    } else if (consistency instanceof ReadConsistency.AtLeast atLeast) {
      reads.onReadAtLeast(number, atLeast.index(), effects);
    } else if (consistency instanceof ReadConsistency.Lease && holdsLease(now)) {
      // The time is not before the read came: whatever was acknowledged by then, this node did it.
      reads.onReadAtLeast(number, state.commitIndex(), effects);
    } else {
      reads.onRead(number, effects);
    }
  }

  private boolean holdsLease(Time now) {
    return roles.leadership().filter(leading -> leading.holdsLease(now)).isPresent();
  }

  /** What is applied from now on has these settings; they come with the index, or before it. */
  public void onSettings(ClusterSettings settings) {
    sharedSettings.applied(settings);
    preferredLeader.applied(settings);
  }

  /**
   * This node may have promised something before it was started, for a lease that it will learn of
   * only when it comes to that entry: it keeps that first (rule P9).
   */
  public void onRestarted(Time now) {
    state.promise().give(state.settings().electionMinNanos(), now);
  }

  /** A wish of this process to hand the leadership to another voter. */
  public void onTransfer(
      long number, NodeId target, long deadlineNanos, Time now, Effects effects) {
    transfer.begin(number, target, deadlineNanos, now, effects);
  }

  /**
   * A wish of this process to hand the leadership to the best of the other voters.
   *
   * @param resigns whether this node leads no longer even if that fails
   */
  public void onTransferToBest(
      long number, boolean resigns, long deadlineNanos, Time now, Effects effects) {
    Optional<Progress> best = roles.leadership().flatMap(leading -> leading.bestVoter(now));
    transfer.begin(number, best, resigns, deadlineNanos, now, effects);
  }

  /**
   * This node is about to end (rule P19): if it leads and another voter can, it hands over. That
   * takes one election timeout at most, and {@link #isHandingOver} while it lasts.
   */
  public void onClosing(Time now, Effects effects) {
    long deadline = now.nanos() + state.settings().electionMaxNanos();
    Optional<Progress> best = roles.leadership().flatMap(leading -> leading.bestVoter(now));
    best.map(heir -> heir.member().id())
        .ifPresent(heir -> transfer.begin(Transfer.NO_CALL, heir, deadline, now, effects));
  }

  /** Whether the leadership is being handed to another voter. */
  public boolean isHandingOver() {
    return transfer.isRunning();
  }

  /** The deadline of a command of this process has passed: it ends now, if it has not ended. */
  public void onCommandDeadline(long number, Time now, Effects effects) {
    commands.onDeadline(number, now, effects);
  }

  /** A wish of this process for a snapshot of what is applied now. */
  public void onSnapshotRequest(long number, Effects effects) {
    compaction.onRequest(number, effects);
  }

  /** The deadline of a wish for a snapshot has passed: it ends now, if it has not ended. */
  public void onSnapshotDeadline(long number, Effects effects) {
    compaction.onDeadline(number, effects);
  }

  /** The snapshot that was asked for is durable. */
  public void onSnapshotTaken(StoredSnapshot snapshot, Time now, Effects effects) {
    compaction.onTaken(snapshot, now, effects);
  }

  /** The snapshot that was asked for is not taken; {@code forever} if there are none at all. */
  public void onSnapshotFailed(String reason, boolean forever, Time now, Effects effects) {
    compaction.onFailed(reason, forever, now, effects);
  }

  /** A snapshot of this node turned out to be damaged while another node fetched it. */
  public void onSnapshotDamaged(SnapshotId id) {
    compaction.onDamaged(id);
  }

  /** So many bytes of the snapshot that is being fetched are there. */
  public void onFetchProgress(SnapshotId id, long receivedBytes) {
    installing.onProgress(id, receivedBytes);
  }

  /** The snapshot that was to be fetched is there, durable and whole. */
  public void onSnapshotFetched(StoredSnapshot snapshot, Time now, Effects effects) {
    installing.onFetched(snapshot, now, effects);
  }

  /** The snapshot could not be fetched. */
  public void onFetchFailed(SnapshotId id, Time now) {
    installing.onFetchFailed(id, now);
  }

  /**
   * A wish of this process to change the members.
   *
   * @param version the version that they must be of, or 0 for any
   */
  public void onChange(
      long number,
      long version,
      List<MembershipChange> wishes,
      long deadlineNanos,
      Effects effects) {
    members.onCall(number, version, wishes, deadlineNanos, effects);
  }

  /** The deadline of a change of this process has passed: it ends now, if it has not ended. */
  public void onChangeDeadline(long number, Time now, Effects effects) {
    members.onDeadline(number, now, effects);
  }

  /** The deadline of a read of this process has passed: it ends now, if it has not ended. */
  public void onReadDeadline(long number, Time now, Effects effects) {
    reads.onDeadline(number, now, effects);
  }

  /** A connection with that peer ended, and with it what was on its way. */
  public void onConnectionLost(NodeId peer, Time now, Effects effects) {
    commands.onConnectionLost(peer, now, effects);
  }

  /** Nobody listens any more where that peer did. */
  public void onPeerGone(NodeId peer, Time now, Effects effects) {
    roles.onPeerGone(peer, now, effects);
  }

  /** All writes up to that sequence are durable. */
  public void onPersisted(long writeSequence, Time now, Effects effects) {
    state.log().writes().persisted(writeSequence);
    commands.onPersisted(now, effects);
    roles.countVotes(now, effects);
  }

  /** The state machine has applied everything up to that index. */
  public void onApplied(long index) {
    applying.onApplied(index);
  }

  /** Entries were read for the request with that token; none if they are no longer there. */
  public void onLogRead(long token, List<LogEntry> entries) {
    logReads.answer(token, entries);
  }

  /**
   * Whether the storage has room for new commands (rule P5); until this is called, it has. Without
   * it this node adds no commands to its log and does not stand for election, but votes and
   * acknowledges what else there is; if it leads, it rejects commands and offers the leadership in
   * turn to those who have room.
   */
  public void onSpace(boolean hasSpace, Time now, Effects effects) {
    state.hasSpace(hasSpace);
    commands.onSpace(now, effects);
    roles.countVotes(now, effects);
    roles.offerLeadership(now, effects);
  }

  /**
   * The state machine failed (rule P15): never lead or serve again, but go on persisting and
   * voting.
   */
  public void onApplyFailed(String reason, Time now, Effects effects) {
    state.applyFault(reason);
    reads.refuseAll(reason, effects);
    compaction.refuseAll(reason, effects);
    roles.countVotes(now, effects);
    if (roles.leadership().isPresent()) {
      roles.handOff(now, effects);
    }
  }

  /** The time that {@link #nextWakeUp} named has come, or any other. */
  public void onWakeUp(Time now, Effects effects) {
    if (quiescence.resting().isPresent()) {
      return;
    }
    transfer.onWakeUp(now, effects);
    if (roles.leadership().isPresent()) {
      roles.leadership().get().onWakeUp(now);
      if (!roles.leadership().get().hasQuorum(now)) {
        roles.becomeFollower(state.term(), now, effects);
      } else if (state.diskStalls(now)) {
        roles.handOff(now, effects);
      } else {
        roles.offerLeadership(now, effects);
        preferredLeader.look(roles.leadership().get(), now, effects);
      }
    } else if (election.isDue(now)) {
      roles.onElectionTimeout(now, effects);
      members.belonging().ask(effects);
    }
  }

  /** Ends a turn: turns what the inputs caused into messages, one write, and entries to apply. */
  public void endTurn(Time now, Effects effects) {
    quiescence.endTurn(now);
    roles.leadership().ifPresent(Leadership::advanceCommit);
    members.endTurn(roles.leadership().filter(leading -> !transfer.isRunning()), now, effects);
    roles.resignWithoutVote(now, effects);
    roles.leadership().ifPresent(leading -> transfer.endTurn(leading, now, effects));
    if (transfer.resigned()) {
      roles.becomeFollower(state.term(), now, effects);
      transfer.steppedDown(now, effects);
    }
    if (roles.leadership().isPresent()) {
      Leadership leading = roles.leadership().get();
      reads.beginRound(leading, effects);
      sharedSettings.endTurn(leading, now);
      leading.endTurn(now, effects);
      reads.confirmRound(leading, effects);
      staleReads.vouch(leading.ledNanos(now), state.commitIndex());
    } else {
      reads.askLeader(now, effects);
    }
    installing.endTurn(now, effects);
    compaction.endTurn(applying.appliedBytes(), roles.pinnedIndex(), now, effects);
    state.log().endTurn(now, effects);
    applying.endTurn(effects);
    reads.onApplied(state.appliedIndex(), effects);
    staleReads.endTurn(now, effects);
  }

  /** When {@link #onWakeUp} is wanted, in nanoseconds of {@link Time#nanos()}. */
  public long nextWakeUp() {
    long due = roles.leadership().map(Leadership::dueNanos).orElseGet(election::deadlineNanos);
    return quiescence.nextWakeUp(
        reads.nextWakeUp(transfer.nextWakeUp(members.reconfiguration().nextWakeUp(due))));
  }

  /** What lets this node rest while nothing happens. */
  public Quiescence quiescence() {
    return quiescence;
  }

  /** What is wrong here. */
  public CoreHealth health(Time now) {
    return new CoreHealth(
        state.hasSpace(),
        state.diskStalls(now),
        state.leader().isPresent() ? Optional.empty() : Optional.of(state.whyNoLeader(now)));
  }

  /** What the core shows of itself. */
  public CoreView view(Time now) {
    return CoreView.of(
        state, roles.leadership(), members.view(roles.leadership(), now), commands, now);
  }
}
