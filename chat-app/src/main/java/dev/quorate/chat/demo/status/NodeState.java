package dev.quorate.chat.demo.status;

/** The first thing people want to know about a node. */
public enum NodeState {
  /** It answers, and takes part in its group. */
  ONLINE("● Online"),
  /** Its process is coming up, or the cluster is not formed yet. */
  STARTING("◌ Starting…"),
  /** It was stopped, or does not answer. */
  OFFLINE("○ Offline"),
  /** Its process ended by itself, or it says that it cannot do its work. */
  FAILED("✗ Failed");

  private final String label;

  NodeState(String label) {
    this.label = label;
  }

  /** How the table shows it. */
  public String label() {
    return label;
  }
}
