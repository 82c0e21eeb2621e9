package dev.quorate.raft.engine.runtime;

import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.transport.FrameReceiver;
import dev.quorate.raft.api.transport.Link;
import dev.quorate.raft.api.transport.LinkListener;
import dev.quorate.raft.engine.codec.DecodeException;
import dev.quorate.raft.engine.codec.Envelope;
import dev.quorate.raft.engine.codec.MessageCodec;
import dev.quorate.raft.engine.message.ClusterId;
import dev.quorate.raft.engine.message.Message;
import dev.quorate.raft.engine.message.Peer;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.BiConsumer;

/**
 * The one place that decides whether a frame is meant for this node as it is now, and what group
 * gets it. What passes is a whole, well-formed message of the right cluster, group, receiver and
 * disk, from the node whose connection brought it.
 */
final class FrameGate implements FrameReceiver {

  private static final System.Logger LOG = System.getLogger(FrameGate.class.getName());
  private static final int MAX_REMEMBERED = 1_000;

  private final NodeId self;
  private final long incarnation;
  private final RateLimitedLog log;
  private final ClientEntrance clients;
  private final BiConsumer<Peer, Message.HostMessage> hosts;
  private final ConcurrentMap<String, Inlet> inlets = new ConcurrentHashMap<>();
  private final Set<String> refusedClusters = ConcurrentHashMap.newKeySet();

  /** A group's side of the gate. */
  interface Inlet {
    /** The group's cluster, or {@link ClusterId#NONE} while it is forming. */
    ClusterId clusterId();

    /** Takes a message; returns at once. */
    void deliver(Peer from, Message message, int bytes);

    /** A connection with that peer ended; returns at once. */
    void connectionLost(NodeId peer);

    /** Nobody listens any more where that peer did; returns at once. */
    void peerGone(NodeId peer);
  }

  FrameGate(
      NodeId self,
      long incarnation,
      ClientEntrance clients,
      BiConsumer<Peer, Message.HostMessage> hosts,
      RateLimitedLog log) {
    this.self = self;
    this.hosts = hosts;
    this.incarnation = incarnation;
    this.clients = clients;
    this.log = log;
  }

  /** Where clients outside the cluster come in. */
  ClientEntrance clients() {
    return clients;
  }

  void open(String group, Inlet inlet) {
    inlets.put(group, inlet);
  }

  void close(String group) {
    inlets.remove(group);
  }

  @Override
  public void onFrame(NodeId from, ByteBuffer frame) {
    int bytes = frame.remaining();
    try {
      Envelope envelope = Envelope.decode(frame);
      if (envelope.group().equals(Envelope.ALL_GROUPS)) {
        onHostFrame(from, envelope, frame);
        return;
      }
      Inlet inlet = inlets.get(envelope.group());
      if (inlet == null && !inlets.isEmpty()) {
        log.warn(
            "unknown group",
            "dropped a frame from " + from + " for group " + envelope.group() + ", unknown here");
      }
      if (isForMe(from, envelope) && inlet != null) {
        Message message = MessageCodec.decode(frame);
        if (!(message instanceof Message.HostMessage)
            && namesDisk(envelope, message)
            && isOfCluster(inlet.clusterId(), envelope, message)) {
          inlet.deliver(envelope.from(), message, bytes);
        }
      }
    } catch (DecodeException e) {
      log.warn("malformed frame", "dropped a malformed frame from " + from + ": " + e.getMessage());
    }
  }

  private void onHostFrame(NodeId from, Envelope envelope, ByteBuffer frame)
      throws DecodeException {
    boolean named = envelope.toIncarnation() != 0;
    if (isForMe(from, envelope)
        && named
        && MessageCodec.decode(frame) instanceof Message.HostMessage message) {
      hosts.accept(envelope.from(), message);
    }
  }

  @Override
  public void onConnectionLost(NodeId peer) {
    inlets.values().forEach(inlet -> inlet.connectionLost(peer));
  }

  @Override
  public void onPeerGone(NodeId peer) {
    inlets.values().forEach(inlet -> inlet.peerGone(peer));
  }

  @Override
  public Optional<LinkListener> onClient(Link link) {
    return clients.welcome(link);
  }

  /**
   * A frame for another disk of this node, or brought by somebody else than its sender, is dropped.
   * The first is what a wiped disk leaves behind and no news.
   */
  private boolean isForMe(NodeId from, Envelope envelope) {
    if (!envelope.from().id().equals(from) || !envelope.to().equals(self) || from.equals(self)) {
      log.warn(
          "wrong names",
          "dropped a frame from "
              + from
              + " that says it is from "
              + envelope.from().id()
              + " to "
              + envelope.to());
      return false;
    }
    return envelope.toIncarnation() == 0 || envelope.toIncarnation() == incarnation;
  }

  /** Only questions may be meant for whatever disk there is: all else names one (rule P2). */
  private static boolean namesDisk(Envelope envelope, Message message) {
    return envelope.toIncarnation() != 0
        || message instanceof Message.FormationProbe
        || message instanceof Message.MembershipQuery;
  }

  /**
   * A node that forms or joins, and one that does at the other end, speak of nothing but that; it
   * is the only time when cluster ids may differ.
   */
  private boolean isOfCluster(ClusterId mine, Envelope envelope, Message message) {
    if (mine.equals(envelope.clusterId()) && !mine.equals(ClusterId.NONE)) {
      return true;
    }
    if (mine.equals(ClusterId.NONE) || envelope.clusterId().equals(ClusterId.NONE)) {
      return message instanceof Message.FormationProbe
          || message instanceof Message.FormationAnswer
          || message instanceof Message.MembershipNotice;
    }
    String stranger = envelope.from().id() + " of cluster " + envelope.clusterId();
    if (refusedClusters.size() < MAX_REMEMBERED && refusedClusters.add(stranger)) {
      LOG.log(
          Level.WARNING,
          "refused messages from {0}: this node is of cluster {1}. Two clusters share a name, or a"
              + " node was started with the disk of another cluster",
          stranger,
          mine);
    }
    return false;
  }
}
