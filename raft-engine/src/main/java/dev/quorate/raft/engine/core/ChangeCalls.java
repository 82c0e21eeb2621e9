package dev.quorate.raft.engine.core;

import dev.quorate.raft.api.MembershipChange;
import dev.quorate.raft.api.MembershipOutcome;
import dev.quorate.raft.api.MembershipOutcome.Reason;
import dev.quorate.raft.engine.core.Effects.Completion;
import dev.quorate.raft.engine.core.Reconfiguration.Request;
import dev.quorate.raft.engine.membership.Decision;
import dev.quorate.raft.engine.message.ChangeId;
import dev.quorate.raft.engine.message.Configuration;
import dev.quorate.raft.engine.message.Message.ChangeRefused;
import dev.quorate.raft.engine.message.Message.ForwardChange;
import dev.quorate.raft.engine.message.Message.MembershipNotice;
import dev.quorate.raft.engine.message.Peer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The changes of membership that this process's users asked for. Each is handed to a leader once
 * (rule P10). What became of it is then read from this node's own log, where every configuration
 * names the call that it belongs to: so an end is learnt whoever leads by then.
 */
final class ChangeCalls {

  private static final int MAX_CALLS = 16;
  private static final long NANOS_PER_MILLI = 1_000_000;

  private final NodeState state;
  private final Reconfiguration reconfiguration;
  private final LinkedHashMap<Long, Pending> pending = new LinkedHashMap<>();

  private static final class Pending {
    private final Request request;
    private Optional<HandedOver> handedOver = Optional.empty();
    private boolean seen;

    private Pending(Request request) {
      this.request = request;
    }
  }

  /** To whose term the call was handed, and how much was committed then. */
  private record HandedOver(long term, long commitIndex) {}

  ChangeCalls(NodeState state, Reconfiguration reconfiguration) {
    this.state = state;
    this.reconfiguration = reconfiguration;
  }

  /** A change of this process. */
  void onCall(
      long number,
      long version,
      List<MembershipChange> wishes,
      long deadlineNanos,
      Effects effects) {
    ChangeId id = new ChangeId(state.self().boot(), number);
    if (pending.size() >= MAX_CALLS) {
      refused(number, Reason.OVER_LIMIT, pending.size() + " changes wait already", effects);
    } else {
      pending.put(number, new Pending(new Request(id, version, wishes, deadlineNanos)));
    }
  }

  /** The leader has refused a change that was handed to it. */
  void onRefused(ChangeRefused message, Effects effects) {
    if (message.originBoot() == state.self().boot()) {
      end(message.number(), message.reason(), message.text(), effects);
    }
  }

  private void end(long number, Reason reason, String text, Effects effects) {
    if (pending.remove(number) != null) {
      refused(number, reason, text, effects);
    }
  }

  /** The call's deadline has passed: it ends now. */
  void onDeadline(long number, Time now, Effects effects) {
    Pending call = pending.remove(number);
    if (call == null) {
      return;
    }
    Optional<Decision.Refuse> lacks = reconfiguration.withdraw(call.request.id());
    if (lacks.isPresent()) {
      refused(number, lacks.get().reason(), lacks.get().message(), effects);
    } else if (call.handedOver.isEmpty()) {
      refused(number, Reason.NO_LEADER, state.whyNoLeader(now), effects);
    } else {
      effects.complete(
          new Completion.Change(
              number,
              new MembershipOutcome.Unknown(
                  call.seen
                      ? "the change has begun and goes on; it was not complete at the deadline"
                      : "the deadline passed before it was known whether the change has begun")));
    }
  }

  /** Hands over what waits for a leader. */
  void handOver(Time now, Effects effects) {
    if (pending.isEmpty() || state.leader().isEmpty()) {
      return;
    }
    Peer leader = state.leader().get();
    for (Pending call : List.copyOf(pending.values())) {
      if (call.handedOver.isEmpty()) {
        call.handedOver = Optional.of(new HandedOver(state.term(), state.commitIndex()));
        handOver(call, leader, now, effects);
      }
    }
  }

  private void handOver(Pending call, Peer leader, Time now, Effects effects) {
    Request request = call.request;
    long number = request.id().number();
    if (state.leads()) {
      reconfiguration.ask(request, (why, out) -> onLocalRefusal(number, why, out), now, effects);
      return;
    }
    // The leader answers a little before the deadline here, so that its answer counts.
    long left = request.deadlineNanos() - now.nanos() - 2 * state.settings().heartbeatNanos();
    state.answer(
        leader,
        new ForwardChange(
            state.term(),
            leader.boot(),
            number,
            request.version(),
            Math.max(0, left / NANOS_PER_MILLI),
            request.wishes()),
        Effects.AT_ONCE,
        effects);
  }

  private void onLocalRefusal(long number, Decision.Refuse why, Effects effects) {
    if (why.reason() == Reason.NO_LEADER) {
      // This node led and never began it: the next leader may.
      pending.get(number).handedOver = Optional.empty();
    } else {
      end(number, why.reason(), why.message(), effects);
    }
  }

  /** Ends those of whose end the log tells. */
  void watch(Effects effects) {
    if (pending.isEmpty()) {
      return;
    }
    for (Pending call : List.copyOf(pending.values())) {
      if (call.handedOver.isPresent()) {
        outcome(call, call.handedOver.get())
            .ifPresent(
                outcome -> {
                  long number = call.request.id().number();
                  pending.remove(number);
                  effects.complete(new Completion.Change(number, outcome));
                });
      }
    }
  }

  /** Whether none waits for its end. */
  boolean isIdle() {
    return pending.isEmpty();
  }

  private Optional<MembershipOutcome> outcome(Pending call, HandedOver handedOver) {
    Optional<Map.Entry<Long, Configuration>> last = Optional.empty();
    Optional<Map.Entry<Long, Configuration>> next = Optional.empty();
    for (Map.Entry<Long, Configuration> at :
        state.log().configurations().headMap(state.commitIndex() + 1).entrySet()) {
      if (at.getValue().change().equals(call.request.id())) {
        last = Optional.of(at);
        next = Optional.empty();
      } else if (last.isPresent() && next.isEmpty()) {
        next = Optional.of(at);
      }
    }
    call.seen |= last.isPresent();
    if (last.isPresent() && !last.get().getValue().isChanging()) {
      return Optional.of(
          new MembershipOutcome.Changed(
              MembershipView.of(last.get().getKey(), last.get().getValue())));
    }
    if (next.isPresent()) {
      return Optional.of(
          new MembershipOutcome.Refused(Reason.CANCELLED, "the change was given up"));
    }
    boolean nothingIsMissing = state.log().configurations().firstKey() <= handedOver.commitIndex;
    if (!call.seen
        && nothingIsMissing
        && state.log().terms().at(state.commitIndex()) > handedOver.term) {
      return Optional.of(
          new MembershipOutcome.Refused(
              Reason.SUPERSEDED, "another leader was elected, which had not heard of the change"));
    }
    return Optional.empty();
  }

  /** Whoever leaves may learn of a change's end by being told. */
  void onNotice(MembershipNotice notice, Effects effects) {
    Configuration told = notice.configuration();
    if (told.change().origin() == state.self().boot()
        && !told.isChanging()
        && pending.remove(told.change().number()) != null) {
      effects.complete(
          new Completion.Change(
              told.change().number(),
              new MembershipOutcome.Changed(MembershipView.of(notice.index(), told))));
    }
  }

  private static void refused(long number, Reason reason, String text, Effects effects) {
    effects.complete(new Completion.Change(number, new MembershipOutcome.Refused(reason, text)));
  }
}
