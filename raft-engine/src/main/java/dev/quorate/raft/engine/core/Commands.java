package dev.quorate.raft.engine.core;

import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.Outcome;
import dev.quorate.raft.api.RejectReason;
import dev.quorate.raft.api.storage.LogEntry;
import dev.quorate.raft.engine.core.Effects.Completion;
import dev.quorate.raft.engine.message.Message.ForwardCommand;
import dev.quorate.raft.engine.message.Message.ForwardResult;
import dev.quorate.raft.engine.message.Peer;
import dev.quorate.raft.engine.message.Proposal;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The way of commands from their callers into the log, and who waits for which index (rule P10). A
 * command is handed to a leader at most once. Until then its end can be "rejected"; from then on
 * only the log, or the leader that took it, can tell what became of it.
 */
final class Commands {

  /** How many boots of peers a leader remembers in a term; the forwards of any more are dropped. */
  private static final int MAX_ORIGINS = 1_024;

  private static final String HANDING_OVER = "the leader is handing over";
  private static final String CONTAINED =
      " came to this node in a snapshot, which does not tell which command it was";

  private final NodeState state;
  private final LinkedHashMap<Origin, Proposal> waiting = new LinkedHashMap<>();
  private final LinkedHashMap<Long, Integer> forwardedBytes = new LinkedHashMap<>();
  private final TreeMap<Long, Pending> pendingByIndex = new TreeMap<>();
  private final LinkedHashMap<Peer, TakenNumbers> taken = new LinkedHashMap<>();
  private Optional<Appender> appender = Optional.empty();
  private Validation validation = Validation.NONE;
  private boolean held;
  private long waitingSum;
  private long forwardedSum;

  /**
   * Who waits for an entry; {@code older} waits for one that may have been truncated at that index.
   */
  private record Pending(long term, Origin origin, Optional<Pending> older) {}

  Commands(NodeState state) {
    this.state = state;
  }

  /** Who is asked before a command is appended. */
  void validateBy(Validation newValidation) {
    validation = newValidation;
  }

  /** This node leads from now on and takes commands. */
  void leading(Appender newAppender) {
    appender = Optional.of(newAppender);
    taken.clear();
  }

  /** Appends an entry of the leader's own, for which nobody waits. */
  void append(LogEntry.Type type, ByteBuffer payload, Time now) {
    appender.orElseThrow().append(type, payload, now);
  }

  /**
   * While a transfer is under way commands wait, so that the target can catch up (section 3.10).
   */
  void hold(boolean value, Time now, Effects effects) {
    held = value;
    if (!held) {
      sendWaiting(now, effects);
    }
  }

  /** Whether commands wait for a transfer, and with them what else a leader appends. */
  boolean isHeld() {
    return held;
  }

  /** How many wait here to be appended, or to be handed to the leader. */
  int waiting() {
    return waiting.size();
  }

  /** Whether none waits here, or for the leader's answer. */
  boolean isIdle() {
    return waiting.isEmpty() && forwardedBytes.isEmpty() && !held;
  }

  void onCommand(long number, Proposal command, Time now, Effects effects) {
    takeOrWait(new Origin.Local(number), command, now, effects);
  }

  private void takeOrWait(Origin origin, Proposal command, Time now, Effects effects) {
    CoreSettings settings = state.settings();
    if (waiting.isEmpty() && mayHandOver(command)) {
      handOver(origin, command, now, effects);
    } else if (waiting.size() >= settings.maxWaitingCalls()
        || waitingSum + command.bytes() > settings.maxUncommittedBytes()) {
      reject(
          origin,
          RejectReason.OVER_LIMIT,
          waiting.size() + " commands of " + waitingSum + " bytes wait already",
          effects);
    } else {
      waiting.put(origin, command);
      waitingSum += command.bytes();
    }
  }

  private Proposal stopWaiting(Origin origin) {
    Proposal command = waiting.remove(origin);
    if (command != null) {
      waitingSum -= command.bytes();
    }
    return command;
  }

  private boolean endForward(long number) {
    Integer bytes = forwardedBytes.remove(number);
    forwardedSum -= bytes == null ? 0 : bytes;
    return bytes != null;
  }

  void onForward(Peer from, ForwardCommand message, Time now, Effects effects) {
    boolean meant =
        state.leads()
            && message.term() == state.term()
            && message.targetBoot() == state.self().boot();
    if (!meant || (!taken.containsKey(from) && taken.size() >= MAX_ORIGINS)) {
      return;
    }
    if (taken.computeIfAbsent(from, peer -> new TakenNumbers()).take(message.number())) {
      takeOrWait(new Origin.Remote(from, message.number()), message.proposal(), now, effects);
    }
  }

  void onForwardResult(ForwardResult message, Time now, Effects effects) {
    if (message.originBoot() == state.self().boot() && endForward(message.number())) {
      effects.complete(new Completion.Command(message.number(), message.outcome()));
      sendWaiting(now, effects);
    }
  }

  /** Another leader, or the same in another term or boot, or none. */
  void onLeaderChanged(Time now, Effects effects) {
    if (!state.leads()) {
      appender = Optional.empty();
      rejectHeldForwards(effects);
    }
    endForwards("the leader to which the command was handed is no longer known", effects);
    sendWaiting(now, effects);
  }

  /**
   * What is handed over is said once, and answered once: either may be lost with the connection, so
   * that nothing is to be waited for (rule P10).
   */
  void onConnectionLost(NodeId peer, Time now, Effects effects) {
    if (state.leader().filter(leader -> leader.id().equals(peer)).isPresent()) {
      endForwards("the connection to the leader to which the command was handed broke", effects);
      sendWaiting(now, effects);
    }
  }

  private void endForwards(String why, Effects effects) {
    for (long number : forwardedBytes.keySet()) {
      unknown(number, why, effects);
    }
    forwardedBytes.clear();
    forwardedSum = 0;
  }

  /** A forward is for one term only, and is not forwarded again. */
  private void rejectHeldForwards(Effects effects) {
    List<Origin> forwards =
        waiting.keySet().stream().filter(Origin.Remote.class::isInstance).toList();
    for (Origin origin : forwards) {
      stopWaiting(origin);
      reject(origin, RejectReason.TRANSFERRING, HANDING_OVER, effects);
    }
  }

  void onDeadline(long number, Time now, Effects effects) {
    Origin origin = new Origin.Local(number);
    if (stopWaiting(origin) == null) {
      endForward(number);
      unknown(number, "the deadline passed before the command's end was known", effects);
    } else if (held) {
      reject(origin, RejectReason.TRANSFERRING, HANDING_OVER, effects);
    } else if (state.leader().isPresent()) {
      String where = state.leads() ? "to its disk" : "to it";
      reject(origin, RejectReason.OVER_LIMIT, "too many bytes are under way " + where, effects);
    } else {
      reject(origin, RejectReason.NO_LEADER, state.whyNoLeader(now), effects);
    }
    sendWaiting(now, effects);
  }

  /** An entry is committed: who waits for it? Those whose entry it replaced are told so. */
  Optional<Origin> committed(LogEntry entry, Effects effects) {
    Optional<Origin> origin = Optional.empty();
    Optional<Pending> next = Optional.ofNullable(pendingByIndex.remove(entry.index()));
    while (next.isPresent()) {
      Pending pending = next.get();
      if (pending.term == entry.term()) {
        origin = Optional.of(pending.origin);
      } else {
        reject(
            pending.origin,
            RejectReason.SUPERSEDED,
            "another entry was committed at index " + entry.index(),
            effects);
      }
      next = pending.older;
    }
    return origin;
  }

  /**
   * A snapshot contains the effect of all up to an index: what became of the entries that were
   * waited for there cannot be told any more.
   */
  void contained(long throughIndex, Effects effects) {
    SortedMap<Long, Pending> contained = pendingByIndex.headMap(throughIndex, true);
    for (Map.Entry<Long, Pending> at : contained.entrySet()) {
      Optional<Pending> next = Optional.of(at.getValue());
      while (next.isPresent()) {
        end(next.get().origin, new Outcome.Unknown("index " + at.getKey() + CONTAINED), effects);
        next = next.get().older;
      }
    }
    contained.clear();
  }

  /** The disk may have room for what waits. */
  void onPersisted(Time now, Effects effects) {
    sendWaiting(now, effects);
  }

  /** On a full disk nothing waits any more. */
  void onSpace(Time now, Effects effects) {
    sendWaiting(now, effects);
  }

  /**
   * What is under way to a leader is bounded like what is under way to a follower, and to the own
   * disk likewise. On a full disk there is nothing to wait for.
   */
  private boolean mayHandOver(Proposal command) {
    if (state.leader().isEmpty() || held) {
      return false;
    }
    return state.leads()
        ? !state.hasSpace()
            || state.hasRoomFor(command.type(), LogEntry.HEADER_BYTES + command.bytes())
        : forwardedSum < state.settings().maxInFlightBytes();
  }

  private void sendWaiting(Time now, Effects effects) {
    while (!waiting.isEmpty()) {
      Map.Entry<Origin, Proposal> next = waiting.entrySet().iterator().next();
      if (!mayHandOver(next.getValue())) {
        return;
      }
      handOver(next.getKey(), stopWaiting(next.getKey()), now, effects);
    }
  }

  private void handOver(Origin origin, Proposal command, Time now, Effects effects) {
    if (state.leads()) {
      take(origin, command, now, effects);
    } else {
      long number = ((Origin.Local) origin).number();
      Peer leader = state.leader().orElseThrow();
      forwardedBytes.put(number, command.bytes());
      forwardedSum += command.bytes();
      state.answer(
          leader,
          new ForwardCommand(state.term(), leader.boot(), number, command),
          Effects.AT_ONCE,
          effects);
    }
  }

  private void take(Origin origin, Proposal command, Time now, Effects effects) {
    Appender log = appender.orElseThrow();
    if (!state.hasSpace()) {
      reject(origin, RejectReason.NO_SPACE, "the disk of leader " + name() + " is full", effects);
    } else if (log.bytesUnderWay() + command.bytes() > state.settings().maxUncommittedBytes()) {
      reject(
          origin,
          RejectReason.OVER_LIMIT,
          log.bytesUnderWay() + " bytes wait for being committed and applied by leader " + name(),
          effects);
    } else {
      validation
          .refusal(command)
          .ifPresentOrElse(
              why -> reject(origin, RejectReason.INVALID, why, effects),
              () -> append(log, origin, command, now));
    }
  }

  private void append(Appender log, Origin origin, Proposal command, Time now) {
    LogEntry entry = log.append(command.type(), command.payload(), now);
    pendingByIndex.merge(
        entry.index(),
        new Pending(entry.term(), origin, Optional.empty()),
        (older, newer) -> new Pending(newer.term, newer.origin, Optional.of(older)));
  }

  private String name() {
    return state.self().id().value();
  }

  private void reject(Origin origin, RejectReason reason, String message, Effects effects) {
    end(origin, new Outcome.Rejected(reason, message), effects);
  }

  private void unknown(long number, String message, Effects effects) {
    end(new Origin.Local(number), new Outcome.Unknown(message), effects);
  }

  private void end(Origin origin, Outcome outcome, Effects effects) {
    if (origin instanceof Origin.Remote remote) {
      state.answer(
          remote.peer(),
          new ForwardResult(remote.peer().boot(), remote.number(), outcome),
          Effects.AT_ONCE,
          effects);
    } else {
      effects.complete(new Completion.Command(((Origin.Local) origin).number(), outcome));
    }
  }
}
