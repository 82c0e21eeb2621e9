package dev.quorate.raft.testkit.internal.node;

import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.config.Settings;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * The settings of a group's nodes.
 *
 * @param all of all that have none of their own
 * @param own of those that have
 */
public record NodeSettings(Settings all, Map<NodeId, Settings> own) {

  /** Of one node. */
  Settings of(NodeId node) {
    return own.getOrDefault(node, all);
  }

  /** All of them changed. */
  public NodeSettings with(UnaryOperator<Settings> change) {
    Map<NodeId, Settings> changed = new TreeMap<>();
    own.forEach((node, settings) -> changed.put(node, change.apply(settings)));
    return new NodeSettings(change.apply(all), changed);
  }
}
