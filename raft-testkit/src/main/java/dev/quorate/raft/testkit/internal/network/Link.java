package dev.quorate.raft.testkit.internal.network;

import dev.quorate.raft.api.NodeId;

/** The way from one machine to another. */
record Link(NodeId from, NodeId to) implements Comparable<Link> {
  @Override
  public int compareTo(Link other) {
    int order = from.compareTo(other.from);
    return order != 0 ? order : to.compareTo(other.to);
  }
}
