package dev.quorate.raft.engine;

import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.RaftNode;
import dev.quorate.raft.api.StateMachine;
import dev.quorate.raft.api.config.ConfigurationException;
import dev.quorate.raft.api.config.Settings;
import dev.quorate.raft.api.metrics.RaftMetrics;
import dev.quorate.raft.engine.formation.ListedNode;
import dev.quorate.raft.engine.runtime.EngineSettings;
import dev.quorate.raft.engine.runtime.LocalHost;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * Describes a group of a host and starts this host's node of it. The state machine is required; all
 * else has defaults. Not for several threads at a time.
 */
public final class RaftGroupBuilder {

  private final LocalHost host;
  private final String group;
  private List<ListedNode> nodes;
  private StateMachine stateMachine;
  private Settings settings;
  private RaftMetrics metrics = RaftMetrics.NONE;

  RaftGroupBuilder(LocalHost host, String group) {
    this.host = host;
    this.group = EngineSettings.requireGroupId(group);
    this.nodes = host.options().nodes();
    this.settings = host.options().settings();
  }

  /**
   * Sets the state machine that this node applies the group's commands to. It must be fresh, and of
   * no other group.
   *
   * @param machine the state machine
   * @return this builder
   */
  public RaftGroupBuilder stateMachine(StateMachine machine) {
    stateMachine = Objects.requireNonNull(machine, "machine");
    return this;
  }

  /**
   * Names the hosts that the group begins with, as {@link HostDescription#cluster(String, String)}
   * does with all of them, which is also what holds unless this is called. A host that is not among
   * them joins the group instead, as {@link HostDescription#join} says.
   *
   * @param ids ids of hosts that the host's own list names, in the same order on every host
   * @return this builder
   * @throws ConfigurationException if there is none, one is not in the host's list, or is named
   *     twice
   */
  public RaftGroupBuilder members(String... ids) {
    if (ids.length == 0) {
      throw new ConfigurationException("group '" + group + "' cannot begin without members");
    }
    List<ListedNode> members = new ArrayList<>();
    for (String id : ids) {
      ListedNode member = listed(NodeId.of(id));
      if (members.contains(member)) {
        throw new ConfigurationException(
            "member " + id + " of group '" + group + "' is named twice: " + Arrays.asList(ids));
      }
      members.add(member);
    }
    nodes = members;
    return this;
  }

  private ListedNode listed(NodeId id) {
    List<ListedNode> known = host.options().nodes();
    return known.stream()
        .filter(node -> node.id().equals(id))
        .findFirst()
        .orElseThrow(
            () ->
                new ConfigurationException(
                    "member "
                        + id
                        + " of group '"
                        + group
                        + "' is not in the host's list of nodes: "
                        + known.stream().map(ListedNode::id).toList()
                        + hint()));
  }

  private String hint() {
    return host.options().askAt().isEmpty()
        ? ""
        : "; at "
            + host.options().askAt()
            + " the group asks by itself who is there, if no members are named";
  }

  /**
   * Sets one setting for this group alone. What is wrong with its value is said at start.
   *
   * @param key the key
   * @param value its value
   * @return this builder
   * @throws ConfigurationException if the key is one of the host, such as a transport's
   */
  public RaftGroupBuilder setting(String key, String value) {
    EngineSettings.requireOfGroup(key);
    settings = settings.with(key, value);
    return this;
  }

  /**
   * Sets who takes what this group's node measures; nobody does unless this is called. What the
   * host's disk takes is measured for all groups together ({@link HostDescription#metrics}).
   *
   * @param taker takes the values; it is called by the node's threads and must not block
   * @return this builder
   */
  public RaftGroupBuilder metrics(RaftMetrics taker) {
    metrics = Objects.requireNonNull(taker, "taker");
    return this;
  }

  /**
   * Starts the group's node on this host. It returns when the group's log is read; until then the
   * other groups' writes wait. A leader, and in a new group the other members, may still be
   * missing, for which calls wait within their deadlines. A group whose log is damaged or cannot be
   * read starts too, as {@link dev.quorate.raft.api.NodeCondition.Degraded}: it does nothing but
   * say what is wrong with which file and what to do, and keeps its log as it is. If a write or a
   * force fails meanwhile, all groups of the host do nothing more, because they share the disk.
   *
   * <p>Closing the node closes the group on this host and nothing else; it can be started again
   * then. The data stays, until {@link RaftHost#removeGroup}.
   *
   * @return the node
   * @throws ConfigurationException if the state machine is missing, or a setting is unknown,
   *     ill-formed or does not fit the others
   * @throws IllegalStateException if the host is closed, has this group already, or has as many as
   *     {@code raft.max-groups} allows
   * @throws dev.quorate.raft.api.storage.GroupRemovedException if the group was removed from this
   *     host's disk
   * @throws IOException if the group's data cannot be opened: this process may not do it, a newer
   *     version wrote them, or there is no room; other groups go on
   */
  public RaftNode start() throws IOException {
    if (stateMachine == null) {
      throw new ConfigurationException(
          "group '" + group + "' cannot start without stateMachine(machine)");
    }
    return host.start(
        host.options().node(nodes, stateMachine, EngineSettings.ofGroup(settings, group), metrics));
  }
}
