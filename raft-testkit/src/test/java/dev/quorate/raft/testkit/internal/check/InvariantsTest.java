package dev.quorate.raft.testkit.internal.check;

import static dev.quorate.raft.testkit.internal.verdict.Broken.breaks;

import dev.quorate.raft.api.Address;
import dev.quorate.raft.api.MemberStatus;
import dev.quorate.raft.api.Membership;
import dev.quorate.raft.api.NodeCondition;
import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.NodeStatus;
import dev.quorate.raft.api.Role;
import dev.quorate.raft.api.storage.HardState;
import dev.quorate.raft.api.storage.LogEntry;
import dev.quorate.raft.api.storage.WriteRecord;
import dev.quorate.raft.engine.codec.ConfigurationCodec;
import dev.quorate.raft.engine.message.ClusterId;
import dev.quorate.raft.engine.message.Configuration;
import dev.quorate.raft.engine.message.FeatureLevel;
import dev.quorate.raft.engine.message.Member;
import dev.quorate.raft.engine.message.MemberId;
import dev.quorate.raft.engine.message.Message;
import dev.quorate.raft.engine.message.Peer;
import dev.quorate.raft.testkit.internal.storage.TestDisk;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Three voters, whose logs begin with the entry that founded them, in term 1. */
class InvariantsTest {

  private static final NodeId N1 = NodeId.of("n1");
  private static final NodeId N2 = NodeId.of("n2");
  private static final NodeId N3 = NodeId.of("n3");
  private static final List<NodeId> ALL = List.of(N1, N2, N3);

  private final Invariants invariants = new Invariants();
  private final Map<NodeId, TestDisk> disks = new TreeMap<>();

  @BeforeEach
  void allAreFounded() {
    Configuration founders =
        Configuration.ofVoters(
            new ClusterId(1, 1),
            ALL.stream().map(it -> new Member(it, 1, new Address(it.value(), 7000))).toList());
    LogEntry first =
        LogEntry.of(LogEntry.Type.CONFIGURATION, 1, 1, 0, 0, ConfigurationCodec.encode(founders));
    for (NodeId id : ALL) {
      TestDisk disk = new TestDisk();
      disks.put(id, disk);
      invariants.watch(id, disk.group());
      invariants.booted(id, FeatureLevel.FIRST);
      state(id, 1, Optional.empty());
      disk.write(new WriteRecord.Append(List.of(first)));
      force(id);
    }
  }

  private void state(NodeId id, long term, Optional<NodeId> vote) {
    HardState state = new HardState(term, vote, vote.isPresent() ? 1 : 0);
    disks.get(id).write(new WriteRecord.SetHardState(state));
  }

  private void append(NodeId id, long index, long term) {
    LogEntry entry = LogEntry.of(LogEntry.Type.NO_OP, index, term, 0, 0, ByteBuffer.allocate(0));
    disks.get(id).write(new WriteRecord.Append(List.of(entry)));
  }

  private void force(NodeId id) {
    disks.get(id).force();
    invariants.forced(id);
  }

  private static Peer peer(NodeId id) {
    return new Peer(id, 1, 9);
  }

  /** Votes for itself, or another, in a term, for good, and says so. */
  private void votes(NodeId voter, long term, NodeId candidate) {
    state(voter, term, Optional.of(candidate));
    force(voter);
    invariants.sent(
        peer(voter),
        peer(candidate.equals(voter) ? N3 : candidate),
        candidate.equals(voter)
            ? new Message.VoteRequest(term, false, false, 1, 1)
            : new Message.VoteResponse(term, false, true));
  }

  private static NodeStatus view(
      NodeId id, Role role, long term, long commit, long applied, long durable) {
    List<MemberStatus> members =
        ALL.stream()
            .map(
                it ->
                    new MemberStatus(
                        it,
                        1,
                        new Address(it.value(), 7000),
                        MemberStatus.Standing.VOTER,
                        FeatureLevel.FIRST))
            .toList();
    return new NodeStatus(
        id,
        "cluster",
        "1-1",
        "orders",
        new NodeCondition.Working(),
        role,
        term,
        Optional.empty(),
        commit,
        applied,
        durable,
        durable,
        0,
        ALL,
        List.of(),
        new Membership(
            1, true, Membership.Phase.STEADY, FeatureLevel.FIRST, members, List.of(), List.of()),
        Optional.empty());
  }

  private void leads(NodeId id, long term) {
    invariants.turned(id, view(id, Role.LEADER, term, 1, 0, 1));
  }

  @Test
  void aLeaderOfATermIsTheOnlyOne() {
    votes(N1, 2, N1);
    votes(N2, 2, N1);
    leads(N1, 2);
    leads(N1, 2);
    breaks("I1", () -> leads(N2, 2));
  }

  @Test
  void aLeaderHasTheVotesOfAMajority() {
    votes(N1, 2, N1);
    votes(N2, 2, N3);
    breaks("I11", () -> leads(N1, 2));
  }

  @Test
  void noMoreIsAppliedThanIsCommittedAndDurable() {
    invariants.turned(N1, view(N1, Role.FOLLOWER, 1, 1, 1, 1));
    breaks("I7", () -> invariants.turned(N2, view(N2, Role.FOLLOWER, 1, 0, 1, 1)));
    breaks("I7", () -> invariants.turned(N3, view(N3, Role.FOLLOWER, 1, 1, 1, 0)));
  }

  @Test
  void nothingGoesBackUntilTheNextBoot() {
    NodeStatus more = view(N1, Role.FOLLOWER, 2, 1, 1, 1);
    invariants.turned(N1, more);
    invariants.turned(N1, more);
    breaks("I8", () -> invariants.turned(N1, view(N1, Role.FOLLOWER, 1, 1, 1, 1)));
    breaks("I8", () -> invariants.turned(N1, view(N1, Role.FOLLOWER, 2, 1, 0, 1)));
    invariants.booted(N1, FeatureLevel.FIRST);
    invariants.turned(N1, view(N1, Role.FOLLOWER, 2, 0, 0, 1));
  }

  @Test
  void aDiskDoesNotForgetItsTerm() {
    state(N1, 3, Optional.empty());
    force(N1);
    disks.get(N1).replace();
    breaks("I8", () -> invariants.forced(N1));
    invariants.wiped(new MemberId(N1, 1));
    invariants.forced(N1);
  }

  @Test
  void nobodyVotesForTwoInATerm() {
    votes(N1, 2, N2);
    invariants.sent(peer(N1), peer(N2), new Message.VoteResponse(2, false, true));
    state(N1, 3, Optional.of(N3));
    force(N1);
    breaks(
        "I8", () -> invariants.sent(peer(N1), peer(N3), new Message.VoteResponse(2, false, true)));
  }

  @Test
  void aVoteIsDurableBeforeItIsGiven() {
    state(N1, 2, Optional.of(N2));
    Message vote = new Message.VoteResponse(2, false, true);
    breaks("I9", () -> invariants.sent(peer(N1), peer(N2), vote));
    force(N1);
    breaks("I9", () -> invariants.sent(peer(N1), peer(N3), vote));
    invariants.sent(peer(N1), peer(N2), vote);
  }

  @Test
  void aTermIsDurableBeforeAnybodyIsAskedForAVote() {
    state(N1, 2, Optional.of(N1));
    Message request = new Message.VoteRequest(2, false, false, 1, 1);
    breaks("I9", () -> invariants.sent(peer(N1), peer(N2), request));
    force(N1);
    invariants.sent(peer(N1), peer(N2), request);
    breaks(
        "I9",
        () -> invariants.sent(peer(N1), peer(N2), new Message.VoteRequest(2, false, false, 2, 1)));
  }

  @Test
  void entriesAreDurableBeforeTheyAreAcknowledged() {
    append(N2, 2, 1);
    Message accepted = new Message.AppendAccepted(1, 2, false, true);
    Message answer = new Message.HeartbeatResponse(1, 1, 2, 2, true);
    breaks("I9", () -> invariants.sent(peer(N2), peer(N1), accepted));
    breaks("I9", () -> invariants.sent(peer(N2), peer(N1), answer));
    force(N2);
    invariants.sent(peer(N2), peer(N1), accepted);
    invariants.sent(peer(N2), peer(N1), answer);
  }

  @Test
  void whatALeaderCommitsIsOnAMajority() {
    votes(N1, 2, N1);
    votes(N2, 2, N1);
    leads(N1, 2);
    append(N1, 2, 2);
    force(N1);
    NodeStatus commits = view(N1, Role.LEADER, 2, 2, 0, 2);
    breaks("I6", () -> invariants.turned(N1, commits));
    append(N2, 2, 2);
    force(N2);
    invariants.turned(N1, commits);
  }
}
