package dev.quorate.raft.engine.core;

import dev.quorate.raft.api.Membership;
import dev.quorate.raft.api.MembershipChange;
import dev.quorate.raft.api.MembershipOutcome.Reason;
import dev.quorate.raft.api.storage.LogEntry;
import dev.quorate.raft.engine.codec.ConfigurationCodec;
import dev.quorate.raft.engine.membership.Decision;
import dev.quorate.raft.engine.membership.JointConsensus;
import dev.quorate.raft.engine.membership.Wishes;
import dev.quorate.raft.engine.message.ChangeId;
import dev.quorate.raft.engine.message.Configuration;
import dev.quorate.raft.engine.message.Member;
import dev.quorate.raft.engine.message.MemberId;
import dev.quorate.raft.engine.message.Message.ChangeRefused;
import dev.quorate.raft.engine.message.Message.ForwardChange;
import dev.quorate.raft.engine.message.Peer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A leader's part in changes of membership (Ongaro's dissertation, sections 4.2 and 4.3; rules P7
 * and P18). It begins one change at a time, and only after an entry of its own term is committed;
 * and it takes the next step of whatever change the configuration in effect has under way, its own
 * or a predecessor's, as soon as that configuration is committed:
 *
 * <ol>
 *   <li>With a goal: those who are to be voters catch up, then C_old,new is appended.
 *   <li>Joint: C_new is appended.
 *   <li>Neither: what members have declared of their feature levels, and the group's, are appended.
 *   <li>Without a vote of its own: it hands over.
 * </ol>
 */
final class Reconfiguration {

  /** How many changes may wait to begin. */
  private static final int MAX_ASKED = 64;

  /** How many boots of peers are remembered in a term; the forwards of any more are dropped. */
  private static final int MAX_ORIGINS = 1_024;

  private static final long NANOS_PER_MILLI = 1_000_000;
  private static final long MAX_WAIT_MILLIS = 86_400_000;

  private final NodeState state;
  private final Guests guests;
  private final FeatureLevels levels;
  private final LinkedHashMap<ChangeId, Asked> asked = new LinkedHashMap<>();
  private final LinkedHashMap<Peer, TakenNumbers> taken = new LinkedHashMap<>();
  private final TreeMap<MemberId, CatchUp> catchUps = new TreeMap<>();
  private Optional<Appender> appender = Optional.empty();

  /** Hears that a change was refused; that it has begun is seen in the log. */
  @FunctionalInterface
  interface Refusal {
    void refused(Decision.Refuse why, Effects effects);
  }

  /**
   * A wish to change the members.
   *
   * @param id the call
   * @param version the version that the members must be of, or 0
   * @param wishes what is wished
   * @param deadlineNanos until when it may wait for what it lacks
   */
  record Request(ChangeId id, long version, List<MembershipChange> wishes, long deadlineNanos) {}

  /** A change that waits for what it lacks. */
  private record Asked(Request request, Refusal refusal, Decision.Refuse lacks) {}

  Reconfiguration(NodeState state, Guests guests, FeatureLevels levels) {
    this.state = state;
    this.levels = levels;
    this.guests = guests;
  }

  /** This node leads from now on. */
  void leading(Appender newAppender) {
    appender = Optional.of(newAppender);
    taken.clear();
    catchUps.clear();
  }

  /** This node leads no more: what has not begun is refused, what has is the next leader's. */
  void leadsNoMore(Effects effects) {
    appender = Optional.empty();
    catchUps.clear();
    List<Asked> waiting = List.copyOf(asked.values());
    asked.clear();
    Decision.Refuse why =
        new Decision.Refuse(Reason.NO_LEADER, "the leader stepped down before it began");
    waiting.forEach(change -> change.refusal.refused(why, effects));
  }

  /** Begins a change, now or as soon as it can, or refuses it. */
  void ask(Request request, Refusal refusal, Time now, Effects effects) {
    Optional<Decision.Refuse> why = begin(request, now);
    if (why.isEmpty()) {
      return;
    }
    if (!mayPass(why.get())) {
      refusal.refused(why.get(), effects);
    } else if (asked.size() >= MAX_ASKED) {
      refusal.refused(
          new Decision.Refuse(Reason.OVER_LIMIT, asked.size() + " changes wait to begin"), effects);
    } else {
      asked.put(request.id, new Asked(request, refusal, why.get()));
    }
  }

  /** Takes back a change that has not begun, and tells what it lacked. */
  Optional<Decision.Refuse> withdraw(ChangeId id) {
    return Optional.ofNullable(asked.remove(id)).map(Asked::lacks);
  }

  /** A change that another node's user wishes (rule P10). */
  void onForward(Peer from, ForwardChange message, Time now, Effects effects) {
    if (appender.isEmpty()
        || message.term() != state.term()
        || message.targetBoot() != state.self().boot()
        || !taken.containsKey(from) && taken.size() >= MAX_ORIGINS
        || !taken.computeIfAbsent(from, peer -> new TakenNumbers()).take(message.number())) {
      return;
    }
    long waitNanos = Math.min(message.waitMillis(), MAX_WAIT_MILLIS) * NANOS_PER_MILLI;
    ask(
        new Request(
            new ChangeId(from.boot(), message.number()),
            message.version(),
            message.wishes(),
            now.nanos() + waitNanos),
        (why, out) ->
            state.answer(
                from,
                new ChangeRefused(from.boot(), message.number(), why.reason(), why.message()),
                Effects.AT_ONCE,
                out),
        now,
        effects);
  }

  /** Whether waiting may help: the leader is new, or the newcomer has not shown up yet. */
  private static boolean mayPass(Decision.Refuse refusal) {
    return refusal.reason() == Reason.NOT_READY || refusal.reason() == Reason.NOT_WAITING;
  }

  private static Decision.Refuse notReady(String what) {
    return new Decision.Refuse(Reason.NOT_READY, what);
  }

  /** Appends the first configuration of a change, or says why not. */
  private Optional<Decision.Refuse> begin(Request change, Time now) {
    RaftLog log = state.log();
    if (change.version != 0 && change.version != log.configurationIndex()) {
      return Optional.of(
          new Decision.Refuse(
              Reason.OTHER_VERSION,
              "the members are of version "
                  + log.configurationIndex()
                  + ", not of "
                  + change.version));
    }
    if (log.terms().at(state.commitIndex()) != state.term()) {
      return Optional.of(notReady("the leader has committed nothing in its term yet"));
    }
    boolean cancels = change.wishes.contains(new MembershipChange.Cancel());
    if (!state.isConfigurationCommitted()) {
      return Optional.of(
          cancels
              ? notReady("the change under way is being committed")
              : new Decision.Refuse(Reason.CHANGE_UNDER_WAY, "a change is being committed"));
    }
    Configuration present = state.configuration();
    Decision decision =
        Wishes.decide(
            present, change.wishes, node -> guests.waiting(node, present, now), change.id);
    if (decision instanceof Decision.Refuse refusal) {
      return Optional.of(refusal);
    }
    append(((Decision.Begin) decision).next(), now);
    return Optional.empty();
  }

  private void append(Configuration next, Time now) {
    appender
        .orElseThrow()
        .append(LogEntry.Type.CONFIGURATION, ConfigurationCodec.encode(next), now);
  }

  /** As a leader: begins what waited and can, and takes the next step of what is under way. */
  void endTurn(Leadership leadership, Time now, Effects effects) {
    beginWaiting(now, effects);
    catchUp(leadership, now);
    Configuration present = state.configuration();
    if (!leadership.committedInTerm() || !state.isConfigurationCommitted()) {
      return;
    }
    if (present.isJoint()) {
      append(JointConsensus.leave(present), now);
    } else if (present.goal().isPresent() && allCaughtUp()) {
      append(JointConsensus.enter(present), now);
      catchUps.clear();
    } else if (present.goal().isEmpty()) {
      levels.next(present).ifPresent(next -> append(next, now));
    }
  }

  private void beginWaiting(Time now, Effects effects) {
    for (Asked change : List.copyOf(asked.values())) {
      Optional<Decision.Refuse> why = begin(change.request, now);
      boolean waits =
          why.isPresent() && mayPass(why.get()) && now.nanos() - change.request.deadlineNanos < 0;
      if (!waits) {
        asked.remove(change.request.id);
        why.ifPresent(refuse -> change.refusal.refused(refuse, effects));
      }
    }
  }

  private void catchUp(Leadership leadership, Time now) {
    List<Member> behind = JointConsensus.catchingUp(state.configuration());
    if (behind.isEmpty()) {
      catchUps.clear();
      return;
    }
    long last = state.log().lastIndex();
    for (Member member : behind) {
      CatchUp progress =
          catchUps.computeIfAbsent(
              member.key(), key -> new CatchUp(last, state.settings().electionMinNanos(), now));
      progress.look(leadership.progress(member.key()).map(Progress::match).orElse(0L), last, now);
    }
  }

  private boolean allCaughtUp() {
    return catchUps.values().stream().allMatch(CatchUp::isDone);
  }

  /** Whether no change waits, and nobody catches up. */
  boolean isIdle() {
    return asked.isEmpty() && catchUps.isEmpty();
  }

  /** Whether this leader has no vote any more, by a committed configuration. */
  boolean mustResign() {
    return appender.isPresent() && !state.isVoter() && state.isConfigurationCommitted();
  }

  /** How far those are that catch up. */
  List<Membership.CatchUp> catchUps(Leadership leadership) {
    List<Membership.CatchUp> shown = new ArrayList<>();
    catchUps.forEach(
        (key, progress) ->
            shown.add(
                new Membership.CatchUp(
                    key.node(),
                    progress.round(),
                    leadership.progress(key).map(Progress::match).orElse(0L),
                    progress.targetIndex())));
    return shown;
  }

  /** When to look again, if a change waits. */
  long nextWakeUp(long byDefault) {
    long next = byDefault;
    for (Asked change : asked.values()) {
      next = Math.min(next, change.request.deadlineNanos);
    }
    return next;
  }
}
