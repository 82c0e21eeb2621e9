package dev.quorate.raft.engine.core;

import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.TransferOutcome;
import dev.quorate.raft.api.TransferOutcome.Reason;
import dev.quorate.raft.engine.core.Effects.Completion;
import dev.quorate.raft.engine.message.Member;
import dev.quorate.raft.engine.message.Peer;
import java.util.Optional;

/**
 * Handing the leadership over (Ongaro's dissertation, section 3.10): new commands wait, the target
 * catches up, is told to stand for election at once, and after the deadline the old leader goes on,
 * unless it was asked to step down.
 *
 * <p>What a leader appends of itself waits as well, the first settings and the steps of a change of
 * members: with one entry more than the target it would refuse the vote that it asked for.
 */
final class Transfer {

  /** In place of a call's number, where nobody asks what became of it. */
  static final long NO_CALL = 0;

  private final NodeState state;
  private final Commands commands;
  private Optional<Running> running = Optional.empty();
  private boolean resigned;

  private record Running(
      long number,
      Member target,
      boolean chosen,
      boolean resigns,
      long term,
      long deadlineNanos,
      long sinceNanos,
      boolean told) {

    Running told(Time now) {
      return new Running(number, target, chosen, resigns, term, deadlineNanos, now.nanos(), true);
    }
  }

  Transfer(NodeState state, Commands commands) {
    this.state = state;
    this.commands = commands;
  }

  boolean isRunning() {
    return running.isPresent();
  }

  /** Whether this leader has been asked to lead no longer and found nobody to lead instead. */
  boolean resigned() {
    return resigned;
  }

  /** This node has stepped down. */
  void steppedDown(Time now, Effects effects) {
    resigned = false;
    commands.hold(false, now, effects);
  }

  /** When to look again, if a transfer is under way. */
  long nextWakeUp(long byDefault) {
    return running.map(now -> Math.min(byDefault, now.deadlineNanos)).orElse(byDefault);
  }

  /** To a chosen target. */
  void begin(long number, NodeId target, long deadlineNanos, Time now, Effects effects) {
    Optional<Member> member = state.configuration().voter(target);
    if (!mayBegin(number, effects)) {
      return;
    }
    if (target.equals(state.self().id())) {
      complete(number, new TransferOutcome.Transferred(target, state.term()), effects);
    } else if (member.isEmpty()) {
      fail(number, Reason.NOT_A_VOTER, target + " is no voter of this group", effects);
    } else {
      start(number, member.get(), true, false, deadlineNanos, now, effects);
    }
  }

  /** To the best, or to nobody if it resigns. */
  void begin(
      long number,
      Optional<Progress> best,
      boolean resigns,
      long deadlineNanos,
      Time now,
      Effects effects) {
    if (!mayBegin(number, effects)) {
      return;
    }
    if (best.isEmpty()) {
      resigned = resigns;
      fail(
          number, Reason.NO_CANDIDATE, "no other voter answers and has space on its disk", effects);
    } else {
      start(number, best.get().member(), false, resigns, deadlineNanos, now, effects);
    }
  }

  private boolean mayBegin(long number, Effects effects) {
    if (!state.leads()) {
      String leader = state.leader().map(peer -> peer.id().value()).orElse("nobody");
      fail(
          number,
          Reason.NOT_LEADER,
          "this node does not lead; as far as it knows, " + leader + " does",
          effects);
      return false;
    }
    if (running.isPresent()) {
      fail(
          number,
          Reason.UNDER_WAY,
          "a transfer to " + running.get().target.id() + " is under way",
          effects);
      return false;
    }
    return true;
  }

  private void start(
      long number,
      Member target,
      boolean chosen,
      boolean resigns,
      long deadlineNanos,
      Time now,
      Effects effects) {
    running =
        Optional.of(
            new Running(
                number, target, chosen, resigns, state.term(), deadlineNanos, now.nanos(), false));
    commands.hold(true, now, effects);
  }

  /**
   * As a leader: tells the target to stand as soon as it has everything, and again if it is silent.
   */
  void endTurn(Leadership leadership, Time now, Effects effects) {
    if (running.isEmpty()) {
      return;
    }
    Running transfer = running.get();
    Member target = transfer.target;
    Optional<Progress> found = leadership.progress(target.key());
    long since = now.nanos() - state.settings().electionMaxNanos();
    if (found.isEmpty() || !found.get().activeSince(since)) {
      giveUp(transfer, Reason.NO_ANSWER, target.id() + " does not answer", now, effects);
    } else if (!found.get().hasSpace()) {
      giveUp(transfer, Reason.NO_SPACE, target.id() + " has no space on its disk", now, effects);
    } else if (isFarBehind(found.get(), transfer, now)) {
      giveUp(transfer, Reason.BEHIND, target.id() + whatItLacks(found.get()), now, effects);
    } else {
      tell(transfer, found.get(), leadership, now, effects);
    }
  }

  /** Commands wait meanwhile, which is not worth a snapshot or a search for where the logs part. */
  private boolean isFarBehind(Progress progress, Running transfer, Time now) {
    return switch (progress.state()) {
      case PIPELINING ->
          progress.match() < state.log().lastIndex()
              && !state.log().cache().holds(progress.match() + 1);
      case PROBING ->
          !transfer.told
              && now.nanos() - transfer.sinceNanos >= state.settings().electionMaxNanos();
      case SNAPSHOTTING -> true;
    };
  }

  private String whatItLacks(Progress progress) {
    return switch (progress.state()) {
      case PIPELINING ->
          " has the log up to "
              + progress.match()
              + " of "
              + state.log().lastIndex()
              + ", which is further behind than what is held in memory";
      case PROBING -> " has not said for an election timeout where its log agrees with this one";
      case SNAPSHOTTING -> " needs a snapshot first";
    };
  }

  private void tell(
      Running transfer, Progress progress, Leadership leadership, Time now, Effects effects) {
    boolean caughtUp = progress.match() == state.log().lastIndex();
    boolean due =
        !transfer.told || now.nanos() - transfer.sinceNanos >= state.settings().electionMinNanos();
    if (caughtUp && due) {
      leadership.tellToStand(transfer.target, effects);
      running = Optional.of(transfer.told(now));
    }
  }

  void onWakeUp(Time now, Effects effects) {
    if (running.isPresent() && now.nanos() - running.get().deadlineNanos >= 0) {
      Running transfer = running.get();
      giveUp(
          transfer,
          Reason.TIMED_OUT,
          transfer.target.id() + " did not take over before the deadline",
          now,
          effects);
    }
  }

  /**
   * Somebody leads, in a later term than the transfer's: the target or another, which is as good
   * where nobody was chosen.
   */
  void onLeader(Peer leader, Time now, Effects effects) {
    if (running.isPresent() && state.term() > running.get().term) {
      Running transfer = running.get();
      end(now, effects);
      boolean handedOver =
          transfer.chosen
              ? leader.id().equals(transfer.target.id())
              : !leader.id().equals(state.self().id());
      if (handedOver) {
        complete(
            transfer.number, new TransferOutcome.Transferred(leader.id(), state.term()), effects);
      } else {
        fail(
            transfer.number, Reason.ANOTHER_ELECTED, leader.id() + " was elected instead", effects);
      }
    }
  }

  /**
   * Gives a transfer up. Whoever was to step down does so without it, and takes none of the
   * commands that were held meanwhile: they are for its successor.
   */
  private void giveUp(Running transfer, Reason reason, String message, Time now, Effects effects) {
    resigned = transfer.resigns && state.leads() && state.term() == transfer.term;
    if (resigned) {
      running = Optional.empty();
    } else {
      end(now, effects);
    }
    fail(transfer.number, reason, message, effects);
  }

  private void end(Time now, Effects effects) {
    running = Optional.empty();
    commands.hold(false, now, effects);
  }

  private static void fail(long number, Reason reason, String message, Effects effects) {
    complete(number, new TransferOutcome.Failed(reason, message), effects);
  }

  private static void complete(long number, TransferOutcome outcome, Effects effects) {
    if (number != NO_CALL) {
      effects.complete(new Completion.Transfer(number, outcome));
    }
  }
}
