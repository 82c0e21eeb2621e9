package dev.quorate.raft.engine.core;

import dev.quorate.raft.api.RejectReason;
import dev.quorate.raft.engine.core.Effects.Completion;
import dev.quorate.raft.engine.message.Message.ReadIndexRequest;
import dev.quorate.raft.engine.message.Message.ReadIndexResponse;
import dev.quorate.raft.engine.message.Peer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Linearizable reads by ReadIndex (Ongaro's dissertation, section 6.4; rule P8). A read's index is
 * the commit index of a leader that had committed an entry of its term, confirmed by a quorum's
 * answers to a round that was sent after the read came. All reads that wait share the next round;
 * on followers they share the next request to the leader.
 */
final class Reads {

  private static final Long NO_INDEX = 0L;

  private final NodeState state;
  private final LinkedHashMap<Long, Long> live = new LinkedHashMap<>();
  private final LinkedHashSet<Origin> waiting = new LinkedHashSet<>();
  private final TreeMap<Long, LinkedHashSet<Long>> untilApplied = new TreeMap<>();
  private Optional<Round> round = Optional.empty();
  private Optional<Asked> asked = Optional.empty();
  private long lastRequest;

  /** Reads whose leader, this node, asked a quorum. */
  private record Round(long number, long index, List<Origin> reads) {}

  /** Reads for which the leader was asked, by any of the requests from first to last. */
  private record Asked(long firstRequest, long lastRequest, long sentNanos, List<Origin> reads) {}

  Reads(NodeState state) {
    this.state = state;
  }

  void onRead(long number, Effects effects) {
    if (mayTake(number, effects)) {
      live.put(number, NO_INDEX);
      waiting.add(new Origin.Local(number));
    }
  }

  /** A read of whatever state has that index applied: it waits for this node alone. */
  void onReadAtLeast(long number, long index, Effects effects) {
    if (mayTake(number, effects)) {
      live.put(number, index);
      awaitApplied(number, index);
    }
  }

  private boolean mayTake(long number, Effects effects) {
    if (live.size() < state.settings().maxWaitingCalls()) {
      return true;
    }
    effects.complete(
        new Completion.ReadRefused(
            number, RejectReason.OVER_LIMIT, live.size() + " reads wait already"));
    return false;
  }

  void onRequest(Peer from, ReadIndexRequest message, Effects effects) {
    if (!state.leads() || waiting.size() >= 2 * state.settings().maxWaitingCalls()) {
      state.answer(
          from,
          new ReadIndexResponse(
              from.boot(),
              message.number(),
              0,
              Optional.of(state.leads() ? RejectReason.OVER_LIMIT : RejectReason.NO_LEADER)),
          Effects.AT_ONCE,
          effects);
    } else {
      waiting.add(new Origin.Remote(from, message.number()));
    }
  }

  void onResponse(ReadIndexResponse message) {
    if (message.originBoot() == state.self().boot()
        && asked.isPresent()
        && message.number() >= asked.get().firstRequest
        && message.number() <= asked.get().lastRequest
        && message.refusal().isEmpty()) {
      confirmed(message.index(), asked.get().reads);
      asked = Optional.empty();
    }
  }

  /** What was asked of a leader, or of a quorum as a leader, is asked anew. */
  void onLeaderChanged() {
    List<Origin> again = new ArrayList<>();
    asked.ifPresent(request -> again.addAll(request.reads));
    round.ifPresent(sent -> again.addAll(sent.reads));
    again.addAll(waiting);
    asked = Optional.empty();
    round = Optional.empty();
    waiting.clear();
    waiting.addAll(stillWanted(again));
  }

  /** This node's reads that have not ended; other nodes' reads are theirs to repeat. */
  private List<Origin> stillWanted(List<Origin> reads) {
    return reads.stream()
        .filter(read -> read instanceof Origin.Local local && live.containsKey(local.number()))
        .toList();
  }

  /** Whether none is under way. */
  boolean isIdle() {
    return live.isEmpty() && waiting.isEmpty() && round.isEmpty() && asked.isEmpty();
  }

  void onDeadline(long number, Time now, Effects effects) {
    Long index = live.remove(number);
    if (index != null) {
      waiting.remove(new Origin.Local(number));
      LinkedHashSet<Long> sameIndex = untilApplied.get(index);
      if (sameIndex != null && sameIndex.remove(number) && sameIndex.isEmpty()) {
        untilApplied.remove(index);
      }
      boolean led = state.leader().isPresent();
      effects.complete(
          new Completion.ReadRefused(
              number,
              led ? RejectReason.TIMED_OUT : RejectReason.NO_LEADER,
              led ? whyLate(index) : state.whyNoLeader(now)));
    }
  }

  private String whyLate(Long index) {
    return index.equals(NO_INDEX)
        ? "no quorum confirmed the read in time"
        : "this node has applied up to " + state.appliedIndex() + ", not yet " + index;
  }

  /** Refuses all reads of this node, because it can answer none any more. */
  void refuseAll(String reason, Effects effects) {
    for (long number : live.keySet()) {
      effects.complete(new Completion.ReadRefused(number, RejectReason.DEGRADED, reason));
    }
    live.clear();
    untilApplied.clear();
  }

  /** As a leader: sends the reads that wait into the next round, if none is under way. */
  void beginRound(Leadership leadership, Effects effects) {
    confirmRound(leadership, effects);
    if (round.isEmpty() && !waiting.isEmpty() && leadership.committedInTerm()) {
      List<Origin> reads = List.copyOf(waiting);
      waiting.clear();
      round = Optional.of(new Round(leadership.askForRound(), state.commitIndex(), reads));
    }
  }

  /** As a leader: answers the reads whose round a quorum has answered. */
  void confirmRound(Leadership leadership, Effects effects) {
    if (round.isPresent() && leadership.confirmedRound() >= round.get().number) {
      Round done = round.get();
      round = Optional.empty();
      confirmed(done.index, done.reads);
      for (Origin origin : done.reads) {
        if (origin instanceof Origin.Remote remote) {
          state.answer(
              remote.peer(),
              new ReadIndexResponse(
                  remote.peer().boot(), remote.number(), done.index, Optional.empty()),
              Effects.AT_ONCE,
              effects);
        }
      }
    }
  }

  /** As a follower: asks the leader, and asks again when no answer came. */
  void askLeader(Time now, Effects effects) {
    if (state.leader().isEmpty() || state.leads()) {
      return;
    }
    if (asked.isPresent() && now.nanos() - retryNanos() >= 0) {
      long first = asked.get().firstRequest;
      List<Origin> wanted = stillWanted(asked.get().reads);
      asked = Optional.empty();
      if (!wanted.isEmpty()) {
        ask(first, wanted, now, effects);
      }
    }
    if (asked.isEmpty() && !waiting.isEmpty()) {
      List<Origin> reads = List.copyOf(waiting);
      waiting.clear();
      ask(lastRequest + 1, reads, now, effects);
    }
  }

  /** When to ask again, if the leader was asked. */
  long nextWakeUp(long byDefault) {
    return asked.isPresent() && state.leader().isPresent()
        ? Math.min(byDefault, retryNanos())
        : byDefault;
  }

  /** Hands out the reads whose index is applied. */
  void onApplied(long applied, Effects effects) {
    Iterator<Map.Entry<Long, LinkedHashSet<Long>>> ready =
        untilApplied.headMap(applied, true).entrySet().iterator();
    while (ready.hasNext()) {
      Map.Entry<Long, LinkedHashSet<Long>> at = ready.next();
      for (long number : at.getValue()) {
        if (live.remove(number) != null) {
          effects.complete(new Completion.ReadReady(number, at.getKey()));
        }
      }
      ready.remove();
    }
  }

  private long retryNanos() {
    return asked.orElseThrow().sentNanos + 2 * state.settings().heartbeatNanos();
  }

  private void ask(long firstRequest, List<Origin> reads, Time now, Effects effects) {
    lastRequest++;
    asked = Optional.of(new Asked(firstRequest, lastRequest, now.nanos(), reads));
    state.answer(
        state.leader().orElseThrow(), new ReadIndexRequest(lastRequest), Effects.AT_ONCE, effects);
  }

  private void confirmed(long index, List<Origin> reads) {
    for (Origin origin : reads) {
      if (origin instanceof Origin.Local local && live.replace(local.number(), index) != null) {
        awaitApplied(local.number(), index);
      }
    }
  }

  private void awaitApplied(long number, long index) {
    untilApplied.computeIfAbsent(index, i -> new LinkedHashSet<>()).add(number);
  }
}
