package dev.quorate.raft.engine.core;

import dev.quorate.raft.api.PeerStatus;
import dev.quorate.raft.engine.message.Configuration;
import dev.quorate.raft.engine.message.Member;
import dev.quorate.raft.engine.message.MemberId;
import dev.quorate.raft.engine.message.Message.AppendAccepted;
import dev.quorate.raft.engine.message.Message.AppendRejected;
import dev.quorate.raft.engine.message.Message.Heartbeat;
import dev.quorate.raft.engine.message.Message.HeartbeatResponse;
import dev.quorate.raft.engine.message.Message.MembershipNotice;
import dev.quorate.raft.engine.message.Message.SnapshotAnswer;
import dev.quorate.raft.engine.message.Message.TimeoutNow;
import dev.quorate.raft.engine.message.Peer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What a leader does for one term: sends entries and heartbeats, counts acknowledgements into the
 * commit index, and watches whether a quorum still answers (Ongaro's dissertation, sections 3.5 to
 * 3.6 and 6.2).
 */
final class Leadership {

  private final NodeState state;
  private final Replication replication;
  private final TreeMap<MemberId, Progress> peers = new TreeMap<>();
  private final long noOpIndex;
  private Configuration peersOf;
  private Configuration leavingOf;
  private long heartbeatDueNanos;
  private long checkDueNanos;
  private long round;
  private boolean toldToStand;
  private boolean roundDue;
  private int offers;
  private long offeredNanos;

  /** Leadership whose first entry, the no-op of its term, has the given index. */
  Leadership(NodeState state, LogReads reads, long noOpIndex, Time now) {
    this.state = state;
    this.replication = new Replication(state, reads, peers.values());
    this.noOpIndex = noOpIndex;
    this.heartbeatDueNanos = now.nanos();
    this.checkDueNanos = now.nanos() + state.settings().heartbeatNanos();
    if (!state.mayLead()) {
      throw new InvariantViolation("a leader that has no vote");
    }
    meetPeers(noOpIndex, now);
  }

  /**
   * Sends to the members of the configuration in effect, and for as long as that is not committed
   * also to those of the one before, so that those who leave learn of it from their own logs.
   * Returns who is sent to no more.
   */
  private List<Progress> meetPeers(long next, Time now) {
    Configuration present = state.configuration();
    Configuration before = state.committedConfiguration().getValue();
    if (present == peersOf && before == leavingOf) {
      return List.of();
    }
    peersOf = present;
    leavingOf = before;
    TreeMap<MemberId, Member> wanted = new TreeMap<>();
    before.members().forEach(member -> wanted.put(member.key(), member));
    present.members().forEach(member -> wanted.put(member.key(), member));
    wanted.remove(state.self().key());
    List<Progress> left =
        peers.values().stream().filter(peer -> !wanted.containsKey(peer.member().key())).toList();
    peers.keySet().retainAll(wanted.keySet());
    wanted.forEach(
        (key, member) ->
            peers.computeIfAbsent(
                key, absent -> new Progress(member, next, state.settings(), now)));
    return left;
  }

  /** The index of this leader's first entry. */
  long noOpIndex() {
    return noOpIndex;
  }

  /** Whether an entry of this term is committed, so that the commit index is the cluster's. */
  boolean committedInTerm() {
    return state.commitIndex() >= noOpIndex;
  }

  /**
   * When to wake up: for the next heartbeat, which any round puts off, or for a look at the quorum
   * and the disk, which nothing puts off. Rounds for reads would otherwise keep a leader with a
   * hung disk in office.
   */
  long dueNanos() {
    return heartbeatDueNanos - checkDueNanos < 0 ? heartbeatDueNanos : checkDueNanos;
  }

  /** The progress of a peer, if that disk of it is a member. */
  Optional<Progress> progress(MemberId member) {
    return Optional.ofNullable(peers.get(member));
  }

  void onAccepted(Peer from, AppendAccepted message, Time now) {
    Optional<Progress> found = progress(from.key());
    if (found.isPresent() && message.matchIndex() <= state.log().lastIndex()) {
      found.get().responded(from.boot(), now);
      found.get().accepted(message.matchIndex(), now);
      if (message.cut()) {
        found.get().cutAt(message.matchIndex());
      }
      if (!message.hasSpace()) {
        // What waited for a write is no news that there is room again: that is for heartbeats.
        found.get().space(false);
      }
    }
  }

  void onRejected(Peer from, AppendRejected message, Time now) {
    Optional<Progress> found = progress(from.key());
    if (found.isPresent()) {
      Progress progress = found.get();
      progress.responded(from.boot(), now);
      if (progress.rejectionIsNew(message.prevIndex())) {
        long agreed = state.log().terms().lastNotAbove(message.hintIndex(), message.hintTerm());
        progress.probeFrom(Math.min(message.prevIndex(), agreed + 1));
      }
    }
  }

  void onHeartbeatResponse(Peer from, HeartbeatResponse message, Time now) {
    Optional<Progress> found = progress(from.key());
    if (found.isPresent() && message.matchIndex() <= state.log().lastIndex()) {
      Progress progress = found.get();
      progress.responded(from.boot(), now);
      if (message.round() >= progress.ackedRound()) {
        progress.space(message.hasSpace());
      }
      progress
          .contact()
          .answered(
              from.boot(),
              message.sentNanos(),
              message.answeredNanos(),
              message.promisedNanos(),
              now);
      progress.heartbeatAnswered(message.round(), message.receivedIndex(), now);
      progress.accepted(message.matchIndex(), now);
    }
  }

  void onSnapshotAnswer(Peer from, SnapshotAnswer message, Time now) {
    Optional<Progress> found = progress(from.key());
    if (found.isPresent()) {
      found.get().responded(from.boot(), now);
      replication.onSnapshotAnswer(found.get(), message, now);
    }
  }

  /** Commits what a quorum has, if it is of this term (section 3.6.2); tells whether it moved. */
  boolean advanceCommit() {
    long reached = Quorum.reached(state.configuration(), member -> durableAt(member));
    return state.log().terms().at(reached) == state.term() && state.commit(reached);
  }

  private long durableAt(Member member) {
    return isSelf(member)
        ? state.log().writes().durableIndex()
        : progress(member.key()).map(Progress::match).orElse(0L);
  }

  /** Behind which index peers that are being sent a snapshot will need the log. */
  OptionalLong pinnedIndex() {
    long lowest = Long.MAX_VALUE;
    for (Progress peer : peers.values()) {
      lowest = Math.min(lowest, peer.offer().map(offer -> offer.id().index()).orElse(lowest));
    }
    return lowest == Long.MAX_VALUE ? OptionalLong.empty() : OptionalLong.of(lowest);
  }

  /** Asks for a round whose answers confirm reads that came before it. Returns its number. */
  long askForRound() {
    roundDue = true;
    return round + 1;
  }

  /** The highest round that a quorum has answered. */
  long confirmedRound() {
    return Quorum.reached(
        state.configuration(),
        member ->
            isSelf(member) ? round : progress(member.key()).map(Progress::ackedRound).orElse(0L));
  }

  /**
   * The latest moment at which this node certainly led, because a quorum answered what it sent then
   * or later: nobody else had committed anything by then. {@link Contact#NEVER} until an entry of
   * this term is committed, before which this node may not know what others had.
   */
  long ledNanos(Time now) {
    if (!committedInTerm()) {
      return Contact.NEVER;
    }
    return Quorum.reached(
        state.configuration(),
        member ->
            isSelf(member)
                ? now.nanos()
                : progress(member.key())
                    .map(progress -> progress.contact().followedNanos())
                    .orElse(Contact.NEVER));
  }

  /**
   * Whether nobody else can have been elected yet, because a quorum has promised so (rule P9). Not
   * in a term in which anybody was told to stand.
   */
  boolean holdsLease(Time now) {
    return state.leases()
        && !toldToStand
        && committedInTerm()
        && now.nanos()
            < Quorum.reached(
                state.configuration(),
                member ->
                    isSelf(member)
                        ? Long.MAX_VALUE
                        : progress(member.key())
                            .map(progress -> progress.contact().promisedUntilNanos())
                            .orElse(Contact.NEVER));
  }

  /** Tells a voter to stand for election at once; what was promised to this node is void then. */
  void tellToStand(Member heir, Effects effects) {
    toldToStand = true;
    state.send(heir, new TimeoutNow(state.term()), Effects.AT_ONCE, effects);
  }

  /** Whether a quorum has answered within the longest election timeout (section 6.2). */
  boolean hasQuorum(Time now) {
    long since = now.nanos() - state.settings().electionMaxNanos();
    return Quorum.tally(
            state.configuration(),
            member ->
                isSelf(member)
                        || progress(member.key())
                            .filter(progress -> progress.activeSince(since))
                            .isPresent()
                    ? Quorum.Vote.YES
                    : Quorum.Vote.NO)
        == Quorum.Result.WON;
  }

  /** Of the voters that may stand, the one that has most of the log, if there is any. */
  Optional<Progress> bestVoter(Time now) {
    return candidates(now).reduce((best, peer) -> peer.match() > best.match() ? peer : best);
  }

  /** A voter that has the whole log, another one each time, but no more often than a vote takes. */
  Optional<Progress> nextHeir(Time now) {
    if (offers > 0 && now.nanos() - offeredNanos < state.settings().electionMaxNanos()) {
      return Optional.empty();
    }
    List<Progress> heirs =
        candidates(now).filter(peer -> peer.match() == state.log().lastIndex()).toList();
    if (heirs.isEmpty()) {
      return Optional.empty();
    }
    offeredNanos = now.nanos();
    offers++;
    return Optional.of(heirs.get(offers % heirs.size()));
  }

  /** Voters that answer, need no snapshot, and have space, without which they do not stand. */
  Stream<Progress> candidates(Time now) {
    long since = now.nanos() - state.settings().electionMaxNanos();
    Configuration configuration = state.configuration();
    return peers.values().stream()
        .filter(peer -> configuration.isVoter(peer.member().key()))
        .filter(peer -> peer.activeSince(since) && peer.hasSpace())
        .filter(peer -> peer.state() != PeerStatus.State.SNAPSHOTTING);
  }

  /** A round is due if the interval has passed. */
  void onWakeUp(Time now) {
    checkDueNanos = now.nanos() + state.settings().heartbeatNanos();
    if (now.nanos() - heartbeatDueNanos >= 0) {
      roundDue = true;
    }
  }

  /**
   * Whether everybody has everything and nothing is asked of anybody. Who was told to stand in vain
   * is no reason to stay awake: if it stands after all, its requests wake whom they reach.
   */
  boolean isQuiet(Time now) {
    long since = now.nanos() - state.settings().electionMaxNanos();
    long last = state.log().lastIndex();
    if (!committedInTerm()
        || roundDue
        || peersOf != state.configuration()
        || leavingOf != peersOf) {
      return false;
    }
    for (Progress peer : peers.values()) {
      if (!peer.hasSpace() || peer.match() != last || !peer.activeSince(since)) {
        return false;
      }
    }
    return true;
  }

  /** To whom it speaks, each in the boot of its last answer. */
  List<Peer> audience() {
    return peers.values().stream()
        .map(peer -> new Peer(peer.member().id(), peer.member().incarnation(), peer.boot()))
        .toList();
  }

  /** Speaks again after it rested, and at once. */
  void resume(Time now) {
    roundDue = true;
    checkDueNanos = now.nanos() + state.settings().heartbeatNanos();
  }

  /** Sends what the turn caused: entries, a round, news of the commit index. */
  void endTurn(Time now, Effects effects) {
    meetPeers(state.log().lastIndex(), now).forEach(left -> tell(left, effects));
    for (Progress progress : peers.values()) {
      replication.append(progress, now, effects);
    }
    if (roundDue) {
      roundDue = false;
      round++;
      heartbeatDueNanos = now.nanos() + state.settings().heartbeatNanos();
      peers.values().forEach(progress -> heartbeat(progress, now, effects));
      tellTheSilent(now, effects);
    } else {
      // Followers apply, and answer reads, as soon as they know of a commit: an idle group must not
      // wait for the next heartbeat to tell them.
      for (Progress progress : peers.values()) {
        if (knownCommit(progress) > progress.commitSent()) {
          heartbeat(progress, now, effects);
        }
      }
    }
  }

  /**
   * Who does not answer may have a log that is so far behind that it does not know where this
   * leader is.
   */
  private void tellTheSilent(Time now, Effects effects) {
    long since = now.nanos() - state.settings().electionMaxNanos();
    for (Progress progress : peers.values()) {
      if (!progress.activeSince(since)) {
        tell(progress, effects);
      }
    }
  }

  /** Tells a peer who is in the group; if it is not itself, by that it knows (rule P18). */
  private void tell(Progress progress, Effects effects) {
    Map.Entry<Long, Configuration> committed = state.committedConfiguration();
    state.send(
        progress.member(),
        new MembershipNotice(progress.boot(), committed.getKey(), committed.getValue()),
        Effects.AT_ONCE,
        effects);
  }

  private void heartbeat(Progress progress, Time now, Effects effects) {
    long commit = knownCommit(progress);
    progress.sentCommit(commit);
    state.send(
        progress.member(),
        new Heartbeat(
            state.term(),
            commit,
            progress.match(),
            round,
            now.nanos(),
            progress.contact().freshness(ledNanos(now), state.commitIndex()),
            state.leases() && !toldToStand ? state.settings().electionMinNanos() : 0,
            state.address()),
        Effects.AT_ONCE,
        effects);
  }

  /** A heartbeat vouches for no more than what is known to match. */
  private long knownCommit(Progress progress) {
    return Math.min(progress.match(), state.commitIndex());
  }

  List<PeerStatus> status(Time now) {
    long since = now.nanos() - state.settings().electionMaxNanos();
    Configuration configuration = state.configuration();
    List<PeerStatus> all = new ArrayList<>(peers.size());
    for (Progress peer : peers.values()) {
      all.add(peer.status(configuration.isVoter(peer.member().key()), since));
    }
    return all;
  }

  /** How many bytes of entries are on their way to all peers. */
  long inFlightBytes() {
    long sum = 0;
    for (Progress peer : peers.values()) {
      sum += peer.inFlightBytes();
    }
    return sum;
  }

  private boolean isSelf(Member member) {
    return member.key().equals(state.self().key());
  }
}
