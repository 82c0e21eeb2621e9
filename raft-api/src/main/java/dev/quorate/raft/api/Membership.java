package dev.quorate.raft.api;

import java.util.List;
import java.util.Objects;

/**
 * Who is in a group, as one of its nodes sees it.
 *
 * @param version the index of the log entry that says so, by which a change can be made
 *     conditional; 0 as long as the node knows of none
 * @param committed whether that entry is known to be committed; if not, it may yet be replaced
 * @param phase what is under way
 * @param featureLevel the highest level of features that the group uses; it rises when all members
 *     support a higher one, and never falls. 0 as long as the node knows of none
 * @param members voters, then voters that leave, then learners, each sorted by name
 * @param catchUps how far those are that catch up, sorted by name; empty unless this node leads
 * @param waiting nodes that asked this node, within the last seconds, to be let in, sorted by name
 */
public record Membership(
    long version,
    boolean committed,
    Phase phase,
    int featureLevel,
    List<MemberStatus> members,
    List<CatchUp> catchUps,
    List<MemberStatus> waiting) {

  /** What a node knows that is in no group yet. */
  public static final Membership NONE =
      new Membership(0, false, Phase.STEADY, 0, List.of(), List.of(), List.of());

  /** Copies the lists. */
  public Membership {
    Objects.requireNonNull(phase, "phase");
    members = List.copyOf(members);
    catchUps = List.copyOf(catchUps);
    waiting = List.copyOf(waiting);
  }

  /** What is under way. */
  public enum Phase {
    /** No change. */
    STEADY,
    /** Nodes catch up before they get votes. */
    CATCHING_UP,
    /** Decisions take a majority of the voters before the change and one of those after it. */
    JOINT
  }

  /**
   * How far a learner is that will be a voter. It is sent the log in rounds, each of what was
   * written during the one before; a round that is shorter than an election timeout is the last
   * (Ongaro's dissertation, section 4.2.1).
   *
   * @param node the learner
   * @param round the round it is in, from 1
   * @param matchIndex how much of the log it has
   * @param targetIndex where the round ends
   */
  public record CatchUp(NodeId node, int round, long matchIndex, long targetIndex) {
    /** Checks that there is a node. */
    public CatchUp {
      Objects.requireNonNull(node, "node");
    }
  }
}
