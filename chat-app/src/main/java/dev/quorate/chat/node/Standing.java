package dev.quorate.chat.node;

import dev.quorate.raft.api.NodeCondition;
import dev.quorate.raft.api.RaftListener;
import java.io.PrintWriter;

/** Says at the terminal and in the log when a node is no member of the cluster, and when it is. */
final class Standing implements RaftListener {

  private static final System.Logger LOG = System.getLogger(Standing.class.getName());

  private final int node;
  private final PrintWriter out;

  /** Whether it has said that the node is no member. One call at a time. */
  private boolean outside;

  Standing(int node, PrintWriter out) {
    this.node = node;
    this.out = out;
  }

  @Override
  public void onConditionChanged(NodeCondition condition) {
    if (condition instanceof NodeCondition.NotAMember stranger) {
      outside = true;
      say("node " + node + " is no member of the cluster: " + stranger.message());
    } else if (outside && condition instanceof NodeCondition.Working) {
      outside = false;
      say("node " + node + " is a member of the cluster");
    }
  }

  private void say(String line) {
    LOG.log(System.Logger.Level.INFO, line);
    out.println(line);
    out.flush();
  }
}
