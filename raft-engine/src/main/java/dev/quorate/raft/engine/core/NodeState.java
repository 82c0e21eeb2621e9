package dev.quorate.raft.engine.core;

import dev.quorate.raft.api.Address;
import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.Role;
import dev.quorate.raft.api.storage.LogEntry;
import dev.quorate.raft.api.storage.SnapshotId;
import dev.quorate.raft.engine.message.Configuration;
import dev.quorate.raft.engine.message.Member;
import dev.quorate.raft.engine.message.Message;
import dev.quorate.raft.engine.message.Peer;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/** What all parts of the core share: who this node is, its log, its role and what is committed. */
final class NodeState {

  private static final long BOOTSTRAP_INDEX = 1;

  /** A node without space leaves it to others to stand for so many election timeouts. */
  private static final int DEFERENCE = 5;

  private final Peer self;
  private final CoreSettings settings;
  private final RaftLog log;
  private final RandomGenerator random;

  /** Voters that answer with another disk, and the disk that they should have. */
  private final TreeMap<NodeId, Long> wiped = new TreeMap<>();

  private final TreeMap<NodeId, Long> heardNanos = new TreeMap<>();
  private final TreeMap<NodeId, Member> voters = new TreeMap<>();
  private Configuration votersOf;
  private Role role = Role.FOLLOWER;
  private Optional<Peer> leader = Optional.empty();
  private long leaderHeardNanos;
  private int timeoutsWithoutLeader;
  private long commitIndex;
  private long appliedIndex;
  private boolean hasSpace = true;
  private boolean leases;
  private final Promise promise = new Promise();
  private Optional<String> applyFault = Optional.empty();
  private Optional<StoredSnapshot> snapshot;
  private final Set<SnapshotId> damagedSnapshots = new LinkedHashSet<>();
  private Optional<String> removed = Optional.empty();
  private Optional<Address> address = Optional.empty();

  /** A node that begins with a snapshot, or with none. */
  NodeState(
      Peer self,
      CoreSettings settings,
      RaftLog log,
      Optional<StoredSnapshot> snapshot,
      RandomGenerator random) {
    this.self = self;
    this.settings = settings;
    this.log = log;
    this.snapshot = snapshot;
    this.random = random;
    // What is in a snapshot is committed. Every member begins with the same bootstrap entry, so
    // that it needs no vote (rule P1), or with nothing.
    this.commitIndex = Math.max(snapshotIndex(), Math.min(log.lastIndex(), BOOTSTRAP_INDEX));
  }

  Peer self() {
    return self;
  }

  /** Where this node is reached, if it was told. */
  Optional<Address> address() {
    return address;
  }

  void address(Address own) {
    address = Optional.of(own);
  }

  CoreSettings settings() {
    return settings;
  }

  RaftLog log() {
    return log;
  }

  Configuration configuration() {
    return log.configuration();
  }

  long term() {
    return log.hardState().term();
  }

  Role role() {
    return role;
  }

  boolean leads() {
    return role == Role.LEADER;
  }

  void role(Role newRole) {
    role = newRole;
  }

  Optional<Peer> leader() {
    return leader;
  }

  void leader(Optional<Peer> newLeader) {
    leader = newLeader;
  }

  void leaderHeard(Time now) {
    leaderHeardNanos = now.nanos();
    timeoutsWithoutLeader = 0;
  }

  long leaderHeardNanos() {
    return leaderHeardNanos;
  }

  /** The leader was heard of then, if not later. */
  void leaderHeardAt(long nanos) {
    if (nanos - leaderHeardNanos > 0) {
      leaderHeardNanos = nanos;
    }
  }

  void electionTimedOut() {
    timeoutsWithoutLeader++;
  }

  /** How many election timeouts have passed since a leader was heard of. */
  int timeoutsWithoutLeader() {
    return timeoutsWithoutLeader;
  }

  /**
   * Whether a leader was heard of so recently that nobody else is to be voted for (section 4.2.3).
   */
  boolean sticksToLeader(Time now) {
    return leads()
        || promise.binds(now)
        || (leader.isPresent() && now.nanos() - leaderHeardNanos < settings.electionMinNanos());
  }

  long commitIndex() {
    return commitIndex;
  }

  /** Moves the commit index forward, if it is forward. */
  boolean commit(long index) {
    if (index <= commitIndex) {
      return false;
    }
    if (index > log.lastIndex()) {
      throw new InvariantViolation(
          "index " + index + " is committed here, but the log ends at " + log.lastIndex());
    }
    commitIndex = index;
    return true;
  }

  /** The last index that the state machine has applied. */
  long appliedIndex() {
    return appliedIndex;
  }

  void applied(long index) {
    appliedIndex = index;
  }

  /** The newest snapshot that goes with this node's log. */
  Optional<StoredSnapshot> snapshot() {
    return snapshot;
  }

  /** A snapshot was written, or fetched and installed; it is sound, whatever its id was before. */
  void snapshot(StoredSnapshot newest) {
    snapshot = Optional.of(newest);
    damagedSnapshots.remove(newest.id());
  }

  /**
   * A snapshot of this node cannot be read to its end any more. Those from which the log does not
   * go on any more, so that nobody is sent to them, need not be remembered.
   */
  void snapshotDamaged(SnapshotId id) {
    damagedSnapshots.add(id);
    damagedSnapshots.removeIf(damaged -> damaged.index() < log.baseIndex());
  }

  /** Whether a snapshot from which the log goes on is known to be damaged. */
  boolean isDamaged(SnapshotId id) {
    return damagedSnapshots.contains(id);
  }

  /** Whether whoever needs this node's newest snapshot would need it in vain. */
  boolean isSnapshotDamaged() {
    return snapshot.filter(newest -> isDamaged(newest.id())).isPresent();
  }

  /** The index of the newest snapshot, or 0. */
  long snapshotIndex() {
    return snapshot.map(StoredSnapshot::index).orElse(0L);
  }

  /** Whether this node works with leases: gives promises, and asks for them as a leader. */
  boolean leases() {
    return leases;
  }

  void leases(boolean value) {
    leases = value;
  }

  /** What it has promised. */
  Promise promise() {
    return promise;
  }

  boolean hasSpace() {
    return hasSpace;
  }

  void hasSpace(boolean value) {
    hasSpace = value;
  }

  /**
   * Whether an entry may be put into the stream to the disk (rule P5). A command may not while the
   * storage has only its reserve, nor if more commands would be on their way than it promised to
   * take: behind one that is refused all else would wait, the next vote too. One command alone is
   * always within the promise.
   */
  boolean hasRoomFor(LogEntry.Type type, int encodedLength) {
    if (!type.isCommand()) {
      return true;
    }
    long unforced = log.writes().unforcedCommandBytes();
    return hasSpace
        && (unforced == 0
            || unforced + WriteStream.commandBytes(encodedLength) <= settings.maxUnforcedBytes());
  }

  /** Why the state machine no longer applies, if it does not (rule P15). */
  Optional<String> applyFault() {
    return applyFault;
  }

  void applyFault(String reason) {
    applyFault = Optional.of(reason);
  }

  boolean isVoter() {
    return configuration().isVoter(self.key());
  }

  /** Whether the oldest write has waited longer than an election timeout (rule P16). */
  boolean diskStalls(Time now) {
    return log.writes().oldestWaitNanos(now) > settings.electionMaxNanos();
  }

  /** Whether this node may stand for election. */
  boolean mayCampaign(Time now) {
    return mayLead()
        && removed.isEmpty()
        && (hasSpace || timeoutsWithoutLeader >= DEFERENCE)
        && applyFault.isEmpty()
        && !diskStalls(now);
  }

  /**
   * Whether this node may lead: it has a vote in the configuration in effect, or in the one that it
   * knows to be committed, or in the one before an effective one of which it does not know that.
   * Who appended the configuration without itself may be the only one that has it, and votes for
   * nobody with less, so that without it the others could elect nobody (dissertation, section
   * 4.2.2). After a restart what is known to be committed may be older than the node's membership.
   */
  boolean mayLead() {
    return isVoter()
        || committedConfiguration().getValue().isVoter(self.key())
        || !isConfigurationCommitted()
            && log.configurationAt(log.configurationIndex() - 1).getValue().isVoter(self.key());
  }

  /** How this node knows that it is no member any more, if it does (rule P18). */
  Optional<String> removed() {
    return removed;
  }

  void removed(Optional<String> how) {
    removed = how;
  }

  /** The newest configuration that is known to be committed, under its index. */
  Map.Entry<Long, Configuration> committedConfiguration() {
    return log.configurationAt(commitIndex);
  }

  /** Whether the configuration in effect is known to be committed. */
  boolean isConfigurationCommitted() {
    return log.configurationIndex() <= commitIndex;
  }

  /** A random time from zero up to that. */
  long randomNanos(long longest) {
    return random.nextLong(longest + 1);
  }

  long randomElectionNanos() {
    return random.nextLong(settings.electionMinNanos(), settings.electionMaxNanos() + 1);
  }

  /** Notes that a peer lives, and whether a voter of that name has another disk than it had. */
  void met(Peer peer, Time now) {
    Member voter = voters().get(peer.id());
    if (!configuration().isVoter(peer.key()) && configuration().removed().contains(peer.key())) {
      // A late message of a disk that another one has replaced: it says nothing of that one.
      return;
    }
    if (voter != null) {
      heardNanos.put(peer.id(), now.nanos());
    }
    if (voter != null
        && voter.incarnation() != peer.incarnation()
        && !configuration().isVoter(peer.key())) {
      wiped.put(peer.id(), voter.incarnation());
    } else {
      wiped.remove(peer.id());
    }
  }

  /** The voters by id; made anew only when the configuration has changed. */
  private TreeMap<NodeId, Member> voters() {
    if (votersOf != configuration()) {
      votersOf = configuration();
      voters.clear();
      votersOf.outgoing().forEach(member -> voters.put(member.id(), member));
      votersOf.voters().forEach(member -> voters.put(member.id(), member));
      // Whoever was let in again with another disk is another voter, of whom nothing is known.
      wiped.keySet().removeIf(id -> !voters.containsKey(id));
      wiped.entrySet().removeIf(lost -> voters.get(lost.getKey()).incarnation() != lost.getValue());
    }
    return voters;
  }

  /** Voters whose disk is not the configured one, sorted. */
  List<NodeId> wiped() {
    voters();
    return List.copyOf(wiped.keySet());
  }

  /** Says for people why no leader is known. */
  String whyNoLeader(Time now) {
    if (removed.isPresent()) {
      return removed.get();
    }
    long since = now.nanos() - 2 * settings.electionMaxNanos();
    List<NodeId> others = wiped();
    List<Member> voters = configuration().voters();
    long reachable =
        voters.stream()
            .map(Member::id)
            .filter(id -> id.equals(self.id()) || heardSince(id, since))
            .filter(id -> !others.contains(id))
            .count();
    int needed = voters.size() / 2 + 1;
    String lost =
        others.isEmpty() ? "" : "; these answer with another disk than they had: " + others;
    return reachable < needed
        ? "no quorum: "
            + reachable
            + " of "
            + voters.size()
            + " nodes reachable, "
            + needed
            + " needed"
            + lost
        : "no leader is known yet in term " + term() + lost;
  }

  private boolean heardSince(NodeId id, long nanos) {
    Long heard = heardNanos.get(id);
    return heard != null && heard - nanos >= 0;
  }

  /** Answers the sender of a message. */
  void answer(Peer to, Message message, long afterWrite, Effects effects) {
    effects.send(to.id(), to.incarnation(), message, afterWrite);
  }

  /** Sends to a member. */
  void send(Member to, Message message, long afterWrite, Effects effects) {
    effects.send(to.id(), to.incarnation(), message, afterWrite);
  }
}
