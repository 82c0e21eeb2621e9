package dev.quorate.raft.engine.runtime;

import dev.quorate.raft.api.NodeCondition;
import dev.quorate.raft.api.NodeEvent.Kind;
import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.PeerStatus;
import dev.quorate.raft.api.Role;
import dev.quorate.raft.engine.core.CoreHealth;
import dev.quorate.raft.engine.core.CoreView;
import dev.quorate.raft.engine.core.Time;
import dev.quorate.raft.engine.message.Configuration;
import dev.quorate.raft.engine.message.Member;
import java.util.List;
import java.util.Optional;

/**
 * Sees by what a loop shows after each turn what happened in it, and has that recorded. Only for
 * the node loop.
 *
 * <p>What goes on without end must not drive out what led to it: pre-candidates count as followers,
 * because a node that is cut off asks for pre-votes for as long as it is.
 */
final class EventWatch {

  private final FlightRecorder recorder;
  private Time now = new Time(0, 0);
  private long term;
  private Role role = Role.FOLLOWER;
  private Optional<NodeId> leader = Optional.empty();
  private Optional<NodeCondition> condition = Optional.empty();
  private long membershipVersion;
  private long snapshotIndex;
  private boolean hasSpace = true;
  private boolean diskStalls;
  private boolean handingOver;
  private List<PeerStatus> peers = List.of();

  EventWatch(FlightRecorder recorder) {
    this.recorder = recorder;
  }

  /** The transport says that a peer's process is gone. */
  void peerGone(NodeId peer, Time turn) {
    now = turn;
    record(Kind.PEER, "the process of " + peer + " is gone");
  }

  /** A snapshot of this node cannot be read to its end. */
  void snapshotDamaged(long index, Time turn) {
    now = turn;
    record(Kind.SNAPSHOT, "the snapshot of index " + index + " is damaged");
  }

  /** Looks at what a turn has made of the group. */
  void look(Consensus consensus, NodeCondition newCondition, Time turn) {
    now = turn;
    consensus.view().ifPresent(this::look);
    consensus.health().ifPresent(this::look);
    if (consensus.isHandingOver() != handingOver) {
      handingOver = consensus.isHandingOver();
      record(
          Kind.TRANSFER,
          handingOver ? "the leadership is being handed over" : "handing over has ended");
    }
    look(newCondition, turn);
  }

  /** Looks at the node's condition alone. */
  void look(NodeCondition newCondition, Time turn) {
    now = turn;
    if (!condition.equals(Optional.of(newCondition))) {
      condition = Optional.of(newCondition);
      if (newCondition instanceof NodeCondition.Degraded) {
        recorder.dump();
      }
      record(Kind.CONDITION, words(newCondition));
    }
  }

  private void look(CoreView view) {
    Role newRole = view.role() == Role.PRE_CANDIDATE ? Role.FOLLOWER : view.role();
    boolean stands = newRole == Role.CANDIDATE && view.term() != term;
    term = view.term();
    if (newRole != role || stands) {
      role = newRole;
      record(Kind.ROLE, words(newRole));
    }
    if (!view.leader().equals(leader)) {
      leader = view.leader();
      record(Kind.LEADER, leader.map(id -> "the leader is " + id).orElse("no leader is known"));
    }
    if (view.membership().version() != membershipVersion) {
      membershipVersion = view.membership().version();
      record(Kind.MEMBERSHIP, words(view.configuration()) + " at index " + membershipVersion);
    }
    if (view.snapshotIndex() != snapshotIndex) {
      snapshotIndex = view.snapshotIndex();
      record(Kind.SNAPSHOT, "the newest snapshot is of index " + snapshotIndex);
    }
    lookAtPeers(view);
  }

  private void lookAtPeers(CoreView view) {
    for (PeerStatus peer : view.peers()) {
      PeerStatus before = before(peer.node());
      if (before != null && before.active() != peer.active()) {
        record(Kind.PEER, peer.node() + (peer.active() ? " answers again" : " does not answer"));
      }
      boolean fetched = before != null && before.state() == PeerStatus.State.SNAPSHOTTING;
      if (fetched != (peer.state() == PeerStatus.State.SNAPSHOTTING)) {
        record(
            Kind.PEER,
            peer.node() + (fetched ? " has no need of" : " is to fetch") + " a snapshot");
      }
    }
    peers = view.peers();
  }

  private PeerStatus before(NodeId node) {
    for (PeerStatus peer : peers) {
      if (peer.node().equals(node)) {
        return peer;
      }
    }
    return null;
  }

  private void look(CoreHealth health) {
    if (health.hasSpace() != hasSpace) {
      hasSpace = health.hasSpace();
      record(Kind.STORAGE, hasSpace ? "there is room on the disk again" : "the disk is full");
    }
    if (health.diskStalls() != diskStalls) {
      diskStalls = health.diskStalls();
      record(Kind.STORAGE, diskStalls ? "the disk hangs" : "the disk goes on");
    }
  }

  private void record(Kind kind, String message) {
    recorder.record(now.wallMillis(), kind, term, message);
  }

  private static String words(Role role) {
    return switch (role) {
      case FOLLOWER, PRE_CANDIDATE -> "follows";
      case CANDIDATE -> "stands for election";
      case LEADER -> "leads";
      case LEARNER -> "learns, without a vote";
    };
  }

  private static String words(NodeCondition condition) {
    if (condition instanceof NodeCondition.Degraded degraded) {
      return "degraded: " + degraded.message();
    }
    return condition instanceof NodeCondition.Working
        ? "works"
        : condition instanceof NodeCondition.Closed ? "closed" : Checkup.waitsFor(condition);
  }

  private static String words(Configuration configuration) {
    return "voters "
        + ids(configuration.voters())
        + (configuration.isJoint() ? ", outgoing " + ids(configuration.outgoing()) : "")
        + (configuration.learners().isEmpty() ? "" : ", learners " + ids(configuration.learners()));
  }

  private static List<NodeId> ids(List<Member> members) {
    return members.stream().map(Member::id).toList();
  }
}
