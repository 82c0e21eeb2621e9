package dev.quorate.chat.node;

import dev.quorate.raft.api.NodeCondition;
import dev.quorate.raft.api.RaftListener;
import java.io.PrintWriter;

/**
 * Says at the terminal and in the log whether a node is a member of the cluster, once it knows; and
 * at the terminal what it does not serve for, which the node itself has written to the log.
 */
final class Standing implements RaftListener {

  private static final System.Logger LOG = System.getLogger(Standing.class.getName());

  private final int node;
  private final PrintWriter out;

  /** Calls come one at a time. */
  private String said = "";

  Standing(int node, PrintWriter out) {
    this.node = node;
    this.out = out;
  }

  @Override
  public void onConditionChanged(NodeCondition condition) {
    if (condition instanceof NodeCondition.Working) {
      say("node " + node + " is a member of the cluster", true);
    } else if (condition instanceof NodeCondition.NotAMember stranger) {
      say("node " + node + " is no member of the cluster: " + stranger.message(), true);
    } else if (condition instanceof NodeCondition.Degraded degraded) {
      say("node " + node + " does not serve: " + degraded.message(), false);
    }
  }

  private void say(String line, boolean inLog) {
    if (line.equals(said)) {
      return;
    }
    said = line;
    if (inLog) {
      LOG.log(System.Logger.Level.INFO, line);
    }
    out.println(line);
    out.flush();
  }
}
