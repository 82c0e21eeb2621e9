package dev.quorate.raft.engine.runtime;

import dev.quorate.raft.api.Membership;
import dev.quorate.raft.api.NodeCondition;
import dev.quorate.raft.api.NodeEvent;
import dev.quorate.raft.api.NodeHealth;
import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.NodeStatus;
import dev.quorate.raft.api.RaftListener;
import dev.quorate.raft.api.RaftNode;
import dev.quorate.raft.api.Role;
import dev.quorate.raft.engine.core.CoreHealth;
import dev.quorate.raft.engine.core.CoreView;
import dev.quorate.raft.engine.core.MembershipView;
import dev.quorate.raft.engine.core.Time;
import dev.quorate.raft.engine.message.ClusterSettings;
import dev.quorate.raft.engine.message.Member;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;

/** Shows the node as it was after its last turn, and tells listeners what changed. */
final class StatusBoard {

  private static final System.Logger LOG = System.getLogger(FlightRecorder.class.getName());

  private final NodeId self;
  private final String cluster;
  private final String group;
  private final Listeners listeners;
  private final FlightRecorder recorder;
  private final EventWatch watch;
  private Listeners.State told;
  private Throwable cause;
  private volatile Snapshot snapshot;
  private volatile Described described;

  private record Snapshot(
      Optional<CoreView> view,
      NodeCondition condition,
      Optional<CoreHealth> health,
      ClusterSettings settings) {
    private boolean shows(MembershipView membership) {
      return view.isPresent() && view.get().membership() == membership;
    }
  }

  /** A snapshot in the user's words; put so when it is asked for, which most turns are not. */
  private record Described(Snapshot of, NodeStatus status) {}

  StatusBoard(
      NodeId self,
      String cluster,
      EngineSettings settings,
      NodeCondition condition,
      RateLimitedLog log,
      Executor callbacks) {
    this.self = self;
    this.cluster = cluster;
    this.group = settings.group();
    this.recorder = new FlightRecorder(name(), settings.recordedEvents(), LOG);
    this.watch = new EventWatch(recorder);
    this.snapshot =
        new Snapshot(Optional.empty(), condition, Optional.empty(), ClusterSettings.NONE);
    this.told = state(snapshot);
    this.listeners = new Listeners(callbacks, log, told);
  }

  /** What a fault came from that is going to be published. Only for the node loop. */
  void cause(Throwable ofFault) {
    cause = ofFault;
  }

  /** Publishes the state after a turn. Only for the node loop. */
  void publish(Consensus consensus, NodeCondition condition, Time now) {
    // First, because it is what must be known if the rest fails as well.
    if (condition instanceof NodeCondition.Degraded degraded
        && !condition.equals(snapshot.condition())) {
      LOG.log(Level.ERROR, name() + " is degraded: " + degraded.message(), cause);
      cause = null;
    }
    watch.look(consensus, condition, now);
    Snapshot next =
        new Snapshot(consensus.view(), condition, consensus.health(), consensus.shared());
    snapshot = next;
    Listeners.State state = state(next);
    if (!state.equals(told)) {
      told = state;
      listeners.publish(state);
    }
  }

  private static Listeners.State state(Snapshot snapshot) {
    return new Listeners.State(
        snapshot.view().map(CoreView::role).orElse(Role.FOLLOWER),
        snapshot.view().map(CoreView::term).orElse(0L),
        snapshot.view().flatMap(CoreView::leader),
        snapshot.condition());
  }

  RaftNode.Registration addListener(RaftListener listener) {
    return listeners.add(listener);
  }

  /** The transport says that a peer's process is gone. Only for the node loop. */
  void peerGone(NodeId peer, Time now) {
    watch.peerGone(peer, now);
  }

  /** A snapshot of this node cannot be read to its end. Only for the node loop. */
  void snapshotDamaged(long index, Time now) {
    watch.snapshotDamaged(index, now);
  }

  /** The last events, oldest first. */
  List<NodeEvent> events() {
    return recorder.events();
  }

  /** Which node this is, for the log. */
  String name() {
    return "node " + self + " of group " + group;
  }

  NodeCondition condition() {
    return snapshot.condition();
  }

  NodeHealth health() {
    Snapshot now = snapshot;
    return Checkup.of(now.condition(), now.health());
  }

  NodeStatus status() {
    Snapshot now = snapshot;
    Described last = described;
    if (last == null || last.of() != now) {
      last = new Described(now, describe(now, last));
      described = last;
    }
    return last.status();
  }

  private NodeStatus describe(Snapshot now, Described last) {
    if (now.view().isEmpty()) {
      return new NodeStatus(
          self,
          cluster,
          "",
          group,
          now.condition(),
          Role.FOLLOWER,
          0,
          Optional.empty(),
          0,
          0,
          0,
          0,
          0,
          List.of(),
          List.of(),
          Membership.NONE,
          Optional.empty());
    }
    CoreView view = now.view().get();
    boolean sameMembers = last != null && last.of().shows(view.membership());
    Membership membership = sameMembers ? last.status().membership() : view.membership().forUsers();
    List<NodeId> voters =
        sameMembers
            ? last.status().voters()
            : view.configuration().voters().stream().map(Member::id).toList();
    return new NodeStatus(
        self,
        cluster,
        view.configuration().clusterId().toString(),
        group,
        now.condition(),
        view.role(),
        view.term(),
        view.leader(),
        view.commitIndex(),
        view.appliedIndex(),
        view.lastIndex(),
        view.durableIndex(),
        view.snapshotIndex(),
        voters,
        view.peers(),
        membership,
        SettingsView.of(now.settings()));
  }
}
