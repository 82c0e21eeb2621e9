package dev.quorate.raft.testkit.internal.trace;

import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.engine.message.Message;

/**
 * A frame on its way.
 *
 * @param from whose it is
 * @param to whom it is for
 * @param sentNanos when it left
 * @param message what is in it
 */
public record Frame(NodeId from, NodeId to, long sentNanos, Message message) {

  @Override
  public String toString() {
    return from + " to " + to + ": " + message;
  }
}
