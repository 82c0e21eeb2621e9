package dev.quorate.raft.engine.core;

import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.TransferOutcome;
import dev.quorate.raft.engine.core.Effects.Completion;
import dev.quorate.raft.engine.message.Member;
import dev.quorate.raft.engine.message.Message.TimeoutNow;
import dev.quorate.raft.engine.message.Peer;
import java.util.Optional;

/**
 * Handing the leadership over (Ongaro's dissertation, section 3.10): new commands wait, the target
 * catches up, is told to stand for election at once, and after the deadline the old leader goes on.
 */
final class Transfer {

  /** In place of a call's number, where nobody asks what became of it. */
  static final long NO_CALL = 0;

  private final NodeState state;
  private final Commands commands;
  private Optional<Running> running = Optional.empty();

  private record Running(
      long number, Member target, long term, long deadlineNanos, long toldNanos, boolean told) {}

  Transfer(NodeState state, Commands commands) {
    this.state = state;
    this.commands = commands;
  }

  boolean isRunning() {
    return running.isPresent();
  }

  /** When to look again, if a transfer is under way. */
  long nextWakeUp(long byDefault) {
    return running.map(now -> Math.min(byDefault, now.deadlineNanos)).orElse(byDefault);
  }

  void begin(long number, NodeId target, long deadlineNanos, Time now, Effects effects) {
    Optional<Member> member =
        state
            .configuration()
            .member(target)
            .filter(found -> state.configuration().isVoter(found.id(), found.incarnation()));
    if (!state.leads()) {
      String leader = state.leader().map(peer -> peer.id().value()).orElse("nobody");
      fail(number, "this node does not lead; as far as it knows, " + leader + " does", effects);
    } else if (target.equals(state.self().id())) {
      complete(number, new TransferOutcome.Transferred(target, state.term()), effects);
    } else if (running.isPresent()) {
      fail(number, "a transfer to " + running.get().target.id() + " is under way", effects);
    } else if (member.isEmpty()) {
      fail(number, target + " is no voter of this group", effects);
    } else {
      running =
          Optional.of(
              new Running(number, member.get(), state.term(), deadlineNanos, now.nanos(), false));
      commands.hold(true, now, effects);
    }
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
    Optional<Progress> found = leadership.progress(target.id(), target.incarnation());
    boolean active =
        found
            .filter(
                progress -> progress.activeSince(now.nanos() - state.settings().electionMaxNanos()))
            .isPresent();
    if (!active || !found.get().hasSpace()) {
      end(now, effects);
      fail(
          transfer.number,
          target.id() + (active ? " has no space on its disk" : " does not answer"),
          effects);
      return;
    }
    boolean caughtUp = found.get().match() == state.log().lastIndex();
    boolean due =
        !transfer.told || now.nanos() - transfer.toldNanos >= state.settings().electionMinNanos();
    if (caughtUp && due) {
      state.send(target, new TimeoutNow(state.term()), Effects.AT_ONCE, effects);
      running =
          Optional.of(
              new Running(
                  transfer.number,
                  target,
                  transfer.term,
                  transfer.deadlineNanos,
                  now.nanos(),
                  true));
    }
  }

  void onWakeUp(Time now, Effects effects) {
    if (running.isPresent() && now.nanos() - running.get().deadlineNanos >= 0) {
      Running transfer = running.get();
      end(now, effects);
      fail(
          transfer.number,
          transfer.target.id() + " did not take over before the deadline",
          effects);
    }
  }

  /** Somebody leads, in a later term than the transfer's: the target or another. */
  void onLeader(Peer leader, Time now, Effects effects) {
    if (running.isPresent() && state.term() > running.get().term) {
      Running transfer = running.get();
      end(now, effects);
      if (leader.id().equals(transfer.target.id())) {
        complete(
            transfer.number, new TransferOutcome.Transferred(leader.id(), state.term()), effects);
      } else {
        fail(transfer.number, leader.id() + " was elected instead", effects);
      }
    }
  }

  private void end(Time now, Effects effects) {
    running = Optional.empty();
    commands.hold(false, now, effects);
  }

  private static void fail(long number, String message, Effects effects) {
    complete(number, new TransferOutcome.Failed(message), effects);
  }

  private static void complete(long number, TransferOutcome outcome, Effects effects) {
    if (number != NO_CALL) {
      effects.complete(new Completion.Transfer(number, outcome));
    }
  }
}
