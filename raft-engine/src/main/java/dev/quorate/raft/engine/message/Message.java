package dev.quorate.raft.engine.message;

import dev.quorate.raft.api.Address;
import dev.quorate.raft.api.MembershipChange;
import dev.quorate.raft.api.MembershipOutcome;
import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.Outcome;
import dev.quorate.raft.api.RejectReason;
import dev.quorate.raft.api.storage.LogEntry;
import dev.quorate.raft.api.storage.SnapshotId;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** What one member says to another. Who says it to whom is in the envelope around it. */
public sealed interface Message {

  /** What hosts say to each other for all their groups (rule P14). */
  sealed interface HostMessage extends Message {}

  /**
   * Carries the heartbeats of all groups in which the sender leads, in this boot of it, and has
   * nothing to say.
   *
   * @param sentNanos when it was sent, by the sender's clock; rises with each within a boot
   * @param version of what groups those are, rising within a boot
   * @param groups the groups by name; empty where the receiver has said that it knows that version
   */
  record HostBeat(long sentNanos, long version, Optional<SortedMap<String, Quiet>> groups)
      implements HostMessage {
    /** Copies the groups. */
    public HostBeat {
      groups = groups.map(some -> Collections.unmodifiableSortedMap(new TreeMap<>(some)));
    }
  }

  /**
   * Answers such heartbeats: all those groups follow the asker and rest, but for some.
   *
   * @param boot the asker's boot
   * @param sentNanos when the answered one was sent, as it said
   * @param version the version of the groups that the answer is about, 0: of none
   * @param awake the groups that do not rest
   */
  record HostAnswer(long boot, long sentNanos, long version, SortedSet<String> awake)
      implements HostMessage {
    /** Copies the groups. */
    public HostAnswer {
      awake = Collections.unmodifiableSortedSet(new TreeSet<>(awake));
    }
  }

  /** Messages of consensus proper, all of which carry the sender's term. */
  sealed interface Consensus extends Message {
    /** The sender's term; in a pre-vote the term that it would stand in. */
    long term();
  }

  /**
   * Asks for a vote (dissertation, section 3.4), or whether one would be granted (section 9.6).
   *
   * @param term the term of the election
   * @param preVote whether it only asks
   * @param transfer whether the leader told the sender to stand, so that stickiness does not apply
   * @param lastIndex the last index of the sender's log
   * @param lastTerm the term of that entry
   */
  record VoteRequest(long term, boolean preVote, boolean transfer, long lastIndex, long lastTerm)
      implements Consensus {}

  /**
   * Answers a request for a vote.
   *
   * @param term if granted the term asked for, else the sender's own
   * @param preVote whether a pre-vote was asked for
   * @param granted whether the vote is, or would be, given
   */
  record VoteResponse(long term, boolean preVote, boolean granted) implements Consensus {}

  /**
   * Carries entries (dissertation, section 3.5).
   *
   * @param term the leader's term
   * @param prevIndex the index before the first entry
   * @param prevTerm the term of the entry there
   * @param commitIndex the leader's commit index
   * @param entries consecutive entries, possibly none, which is a probe
   */
  record AppendRequest(
      long term, long prevIndex, long prevTerm, long commitIndex, List<LogEntry> entries)
      implements Consensus {
    /** Copies the list. */
    public AppendRequest {
      entries = List.copyOf(entries);
    }
  }

  /**
   * The follower's log equals the leader's up to an index and is durable up to there.
   *
   * @param term the follower's term
   * @param matchIndex that index: never beyond the last entry of the request that is answered
   * @param cut whether the request went on behind that index and the follower left the rest out,
   *     because its disk is full or has too much to do
   * @param hasSpace whether its disk has room for commands (rule P5)
   */
  record AppendAccepted(long term, long matchIndex, boolean cut, boolean hasSpace)
      implements Consensus {}

  /**
   * The follower's log does not have the entry before those of the request.
   *
   * @param term the follower's term
   * @param prevIndex the index that the request named, by which it is told from a late repetition
   * @param hintIndex the highest index at which the logs may agree
   * @param hintTerm the term of the follower's entry there
   */
  record AppendRejected(long term, long prevIndex, long hintIndex, long hintTerm)
      implements Consensus {}

  /**
   * Says that the leader is there, and asks who still follows.
   *
   * @param term the leader's term
   * @param commitIndex the leader's commit index, but not beyond {@code matchIndex}
   * @param matchIndex what this follower's disk has acknowledged to this leader; a disk that no
   *     longer has it is an older copy of itself (rule P1)
   * @param round rises with each round of a term; reads are confirmed by responses to it
   * @param sentNanos when it was sent, by the leader's clock
   * @param fresh up to when the leader can vouch for an index
   * @param promiseNanos for how long the receiver is asked to elect nobody else (rule P9), or 0
   * @param address where the leader is reached, if it knows: its receiver's log may have it where
   *     it was before it moved, and would be answered there (each request of HashiCorp's Raft says
   *     where its sender is, too)
   */
  record Heartbeat(
      long term,
      long commitIndex,
      long matchIndex,
      long round,
      long sentNanos,
      Freshness fresh,
      long promiseNanos,
      Optional<Address> address)
      implements Consensus {

    /** A heartbeat of a leader that works without leases. */
    public Heartbeat(
        long term, long commitIndex, long matchIndex, long round, long sentNanos, Freshness fresh) {
      this(term, commitIndex, matchIndex, round, sentNanos, fresh, 0, Optional.empty());
    }
  }

  /**
   * Every command whose outcome was known to anybody before a moment is at or below an index.
   *
   * @param boot the receiver's boot whose clock names the moment; 0 if nothing is vouched for
   * @param nanos the moment
   * @param index the index
   */
  record Freshness(long boot, long nanos, long index) {
    /** Nothing is vouched for. */
    public static final Freshness NONE = new Freshness(0, 0, 0);
  }

  /**
   * Answers a heartbeat.
   *
   * @param term the follower's term
   * @param round the heartbeat's round
   * @param receivedIndex the highest index known to equal the leader's log, durable or not
   * @param matchIndex the highest index known to equal the leader's log that is durable
   * @param hasSpace whether its disk has room for commands (rule P5)
   * @param sentNanos when the heartbeat was sent, as it said
   * @param answeredNanos when it was answered, by the follower's clock
   * @param promisedNanos for how long from then on the follower elects nobody else, or 0
   */
  record HeartbeatResponse(
      long term,
      long round,
      long receivedIndex,
      long matchIndex,
      boolean hasSpace,
      long sentNanos,
      long answeredNanos,
      long promisedNanos)
      implements Consensus {

    /** An answer that vouches for nothing, and says nothing of time. */
    public HeartbeatResponse(
        long term, long round, long receivedIndex, long matchIndex, boolean hasSpace) {
      this(term, round, receivedIndex, matchIndex, hasSpace, Long.MIN_VALUE, 0, 0);
    }
  }

  /**
   * Tells a follower which snapshot to fetch and from whom (rule P13), because what it lacks was
   * compacted (Ongaro's dissertation, section 5.2, where the leader sends the snapshot itself).
   * Repeated until the follower has it.
   *
   * @param term the leader's term
   * @param id the snapshot
   * @param holder who has it
   * @param insists whether to give up another one that is being fetched
   */
  record SnapshotOffer(long term, SnapshotId id, Holder holder, boolean insists)
      implements Consensus {}

  /**
   * Answers an offer: how far the follower is. That it has the snapshot, and is durable up to it,
   * is said by {@link AppendAccepted}.
   *
   * @param term the follower's term
   * @param id the snapshot that it fetches: another one than the offered, if it has some of that
   * @param holder from whom
   * @param receivedBytes how much of it is there
   * @param failed whether fetching it failed; it is tried again when it is offered again
   */
  record SnapshotAnswer(long term, SnapshotId id, Holder holder, long receivedBytes, boolean failed)
      implements Consensus {}

  /** Messages by which a snapshot travels, which are no business of consensus. */
  sealed interface SnapshotTransfer extends Message {
    /** The snapshot. */
    SnapshotId id();
  }

  /**
   * Asks for a part of a snapshot.
   *
   * @param id the snapshot
   * @param offset where the part begins
   * @param length how long it is to be at most, at least 1
   */
  record SnapshotRequest(SnapshotId id, long offset, int length) implements SnapshotTransfer {}

  /**
   * Carries a part of a snapshot.
   *
   * @param id the snapshot
   * @param offset where the part begins
   * @param bytes the part; empty if the sender does not have the snapshot, or not any more
   */
  record SnapshotChunk(SnapshotId id, long offset, ByteBuffer bytes) implements SnapshotTransfer {}

  /**
   * Tells a voter to stand for election at once (dissertation, section 3.10).
   *
   * @param term the leader's term
   */
  record TimeoutNow(long term) implements Consensus {}

  /**
   * Hands a command to the leader. The leader takes a number of an origin's boot once, and only as
   * the leader of that term in that boot; all else it drops in silence.
   *
   * @param term the leader's term
   * @param targetBoot the leader's boot
   * @param number the origin's number for the command, rising within the origin's boot
   * @param proposal the command, or what else a caller may have appended
   */
  record ForwardCommand(long term, long targetBoot, long number, Proposal proposal)
      implements Message {}

  /**
   * What became of a forwarded command.
   *
   * @param originBoot the boot in which it was forwarded
   * @param number its number
   * @param outcome what became of it
   */
  record ForwardResult(long originBoot, long number, Outcome outcome) implements Message {}

  /**
   * Asks the leader for an index at which a read is linearizable.
   *
   * @param number the origin's number for the request, rising within the origin's boot
   */
  record ReadIndexRequest(long number) implements Message {}

  /**
   * Answers a request for a read index.
   *
   * @param originBoot the boot in which it was asked
   * @param number the request's number
   * @param index the index, if it was not refused
   * @param refusal why it was refused, or empty
   */
  record ReadIndexResponse(long originBoot, long number, long index, Optional<RejectReason> refusal)
      implements Message {}

  /**
   * Hands a wish to change the members to the leader, under the same conditions as a command.
   *
   * @param term the leader's term
   * @param targetBoot the leader's boot
   * @param number the origin's number for the call, rising within the origin's boot
   * @param version the version that the members must be of, or 0 for any
   * @param waitMillis how long the origin still waits
   * @param wishes what is wished
   */
  record ForwardChange(
      long term,
      long targetBoot,
      long number,
      long version,
      long waitMillis,
      List<MembershipChange> wishes)
      implements Message {
    /** Copies the list. */
    public ForwardChange {
      wishes = List.copyOf(wishes);
    }
  }

  /**
   * A forwarded change was refused. One that was begun is seen in the log.
   *
   * @param originBoot the boot in which it was forwarded
   * @param number its number
   * @param reason why
   * @param text the reason for people
   */
  record ChangeRefused(long originBoot, long number, MembershipOutcome.Reason reason, String text)
      implements Message {}

  /**
   * Asks whether the sender, which hears of no leader, is still a member.
   *
   * @param address where the sender listens, so that it can be answered if it is not
   */
  record MembershipQuery(Address address) implements Message {}

  /**
   * Tells a node that may not know whether it is a member (rule P18).
   *
   * @param boot the boot in which it asked; a notice for another is out of date
   * @param index the index of the configuration
   * @param configuration the newest one that the sender knows to be committed
   */
  record MembershipNotice(long boot, long index, Configuration configuration) implements Message {

    /**
     * Where members are that lately asked the sender from somewhere else than its configuration
     * says. This is in none, and addressed to no boot, so that versions that do not know it let it
     * be.
     */
    public static MembershipNotice ofPlaces(long boot, Configuration places) {
      return new MembershipNotice(~boot, 0, places);
    }

    /** Whether it is {@linkplain #ofPlaces of places}, and answers that boot. */
    public boolean isOfPlaces(long asking) {
      return index == 0 && boot == ~asking;
    }
  }

  /**
   * Tells the leader which feature level a member supports (rule P18), because its configuration
   * says otherwise.
   *
   * @param level the highest that the sender's version supports
   */
  record Declaration(int level) implements Message {}

  /**
   * Says that the sender's disk is empty, and asks whether the receiver has a cluster (rule P1:
   * bootstrap) and to be let into it.
   *
   * @param listed the nodes that the sender was started with, in their order; two lists that differ
   *     could found two clusters; empty if it does not want to found one
   * @param address where the sender listens, so that a cluster that does not know it can answer
   * @param level the highest feature level that its version supports (rule P18)
   */
  record FormationProbe(List<NodeId> listed, Address address, int level) implements Message {
    /** Copies the list. */
    public FormationProbe {
      listed = List.copyOf(listed);
    }

    /** A probe of the first version. */
    public FormationProbe(List<NodeId> listed, Address address) {
      this(listed, address, FeatureLevel.FIRST);
    }
  }

  /**
   * Answers a probe, or spreads the record of a new cluster.
   *
   * @param record the first entry of the cluster's log, which names its members and their
   *     incarnations; empty while the sender is fresh
   */
  record FormationAnswer(Optional<LogEntry> record) implements Message {}
}
