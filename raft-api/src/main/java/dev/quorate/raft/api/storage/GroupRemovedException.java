package dev.quorate.raft.api.storage;

import dev.quorate.raft.api.RaftException;

/**
 * A group was removed from this disk, so that its name cannot be used here any more. A group of
 * that name would begin with an empty log on a disk whose number the group's members know: this
 * node would have forgotten what it voted and acknowledged there, and nobody could tell.
 */
public final class GroupRemovedException extends RaftException {

  private static final long serialVersionUID = 1L;

  private final String group;

  /**
   * A refusal.
   *
   * @param group the group's id
   */
  public GroupRemovedException(String group) {
    super(
        "group '"
            + group
            + "' was removed from this disk, and its name cannot be used here again: take another"
            + " name");
    this.group = group;
  }

  /**
   * Which group was removed.
   *
   * @return the group's id
   */
  public String group() {
    return group;
  }
}
