package dev.quorate.raft.testkit.internal.trace;

import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.engine.message.Message;

/**
 * A frame on its way.
 *
 * @param group the group's id
 * @param from whose it is
 * @param to whom it is for
 * @param sentNanos when it left
 * @param message what is in it
 */
public record Frame(String group, NodeId from, NodeId to, long sentNanos, Message message) {

  @Override
  public String toString() {
    return group + " " + from + " to " + to + ": " + message;
  }
}
