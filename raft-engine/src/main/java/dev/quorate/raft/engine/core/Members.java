package dev.quorate.raft.engine.core;

import dev.quorate.raft.api.Address;
import dev.quorate.raft.api.MembershipChange;
import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.engine.message.Message;
import dev.quorate.raft.engine.message.Message.ChangeRefused;
import dev.quorate.raft.engine.message.Message.Declaration;
import dev.quorate.raft.engine.message.Message.FormationProbe;
import dev.quorate.raft.engine.message.Message.ForwardChange;
import dev.quorate.raft.engine.message.Message.MembershipNotice;
import dev.quorate.raft.engine.message.Message.MembershipQuery;
import dev.quorate.raft.engine.message.Peer;
import java.util.List;
import java.util.Optional;

/**
 * All that a node does about who is in the group: {@link Reconfiguration} as a leader, {@link
 * ChangeCalls} for its users, {@link Belonging} for itself, {@link FeatureLevels}, and {@link
 * Guests}.
 */
final class Members {

  private final NodeState state;
  private final Guests guests = new Guests();
  private final Reconfiguration reconfiguration;
  private final ChangeCalls calls;
  private final Belonging belonging;
  private final FeatureLevels levels;
  private Optional<MembershipView> shown = Optional.empty();

  Members(NodeState state) {
    this.state = state;
    this.levels = new FeatureLevels(state);
    this.reconfiguration = new Reconfiguration(state, guests, levels);
    this.calls = new ChangeCalls(state, reconfiguration);
    this.belonging = new Belonging(state, guests);
  }

  Reconfiguration reconfiguration() {
    return reconfiguration;
  }

  Belonging belonging() {
    return belonging;
  }

  void supports(int level) {
    levels.supports(level);
  }

  void introduce(Address address, List<NodeId> others) {
    belonging.introduce(address, others);
  }

  /** A message that may be about membership. */
  void onMessage(Peer from, Message message, Time now, Effects effects) {
    if (message instanceof ForwardChange forward) {
      reconfiguration.onForward(from, forward, now, effects);
    } else if (message instanceof ChangeRefused refused) {
      calls.onRefused(refused, effects);
    } else if (message instanceof FormationProbe probe) {
      belonging.onProbe(from, probe, now, effects);
    } else if (message instanceof MembershipQuery query) {
      belonging.onQuery(from, query, now, effects);
    } else if (message instanceof Declaration declaration) {
      levels.onDeclaration(from, declaration);
    } else if (message instanceof MembershipNotice notice) {
      belonging.onNotice(from, notice, now);
      calls.onNotice(notice, effects);
    }
  }

  void onCall(
      long number,
      long version,
      List<MembershipChange> wishes,
      long deadlineNanos,
      Effects effects) {
    calls.onCall(number, version, wishes, deadlineNanos, effects);
  }

  void onDeadline(long number, Time now, Effects effects) {
    calls.onDeadline(number, now, effects);
  }

  /** Hands calls over, takes steps, and ends what has come to an end. */
  void endTurn(Optional<Leadership> leadership, Time now, Effects effects) {
    calls.handOver(now, effects);
    leadership.ifPresent(leading -> reconfiguration.endTurn(leading, now, effects));
    calls.watch(effects);
    belonging.endTurn(effects);
    levels.endTurn(now, effects);
  }

  /** Whether nobody wants to change the members or has anything to declare, or to become one. */
  boolean isIdle(Time now) {
    return reconfiguration.isIdle()
        && calls.isIdle()
        && levels.isIdle()
        && guests.present(now).stream()
            .allMatch(guest -> state.configuration().isMember(guest.key()));
  }

  /** What is shown; the same object for as long as nothing of it changes, which is most turns. */
  MembershipView view(Optional<Leadership> leadership, Time now) {
    MembershipView seen =
        new MembershipView(
            state.log().configurationIndex(),
            state.committedConfiguration().getValue(),
            state.configuration(),
            leadership.isPresent() ? reconfiguration.catchUps(leadership.get()) : List.of(),
            guests.waiting(state.configuration(), now),
            guests.present(now),
            belonging.told(),
            belonging.gone());
    if (shown.isEmpty() || !shown.get().shows(seen)) {
      shown = Optional.of(seen);
    }
    return shown.get();
  }
}
