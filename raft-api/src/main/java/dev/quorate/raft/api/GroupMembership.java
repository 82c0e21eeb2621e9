package dev.quorate.raft.api;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Shows and changes who is in a group. Any member may be asked by any thread: a change is handed to
 * the leader, once. Futures are copies and complete on the node's own executor, within the call's
 * deadline.
 *
 * <p>A change that has begun goes on after its caller's deadline, its caller's end and its
 * leader's. A change that waits for a node that does not catch up keeps all others out until it is
 * given up by {@link MembershipChange.Cancel}.
 */
public interface GroupMembership {

  /**
   * The members as this node sees them, at most a few milliseconds old. Cheap, and answered in
   * every condition.
   *
   * @return the members
   */
  Membership current();

  /**
   * Changes the members, whoever they are now.
   *
   * @param wishes what is wished, all in one step; at least one
   * @param deadline how long the caller waits, more than zero
   * @return how it ended, at the latest when the deadline has passed
   */
  CompletableFuture<MembershipOutcome> change(List<MembershipChange> wishes, Duration deadline);

  /**
   * Changes the members, if they are still those of a version that the caller has seen.
   *
   * @param version what {@link Membership#version()} was, more than 0
   * @param wishes what is wished, all in one step; at least one
   * @param deadline how long the caller waits, more than zero
   * @return how it ended, at the latest when the deadline has passed
   */
  CompletableFuture<MembershipOutcome> changeIf(
      long version, List<MembershipChange> wishes, Duration deadline);

  /**
   * Makes a node that waits a voter: it becomes a learner, catches up, and is promoted.
   *
   * @param node the node
   * @param deadline how long the caller waits, more than zero
   * @return how it ended
   */
  default CompletableFuture<MembershipOutcome> addMember(NodeId node, Duration deadline) {
    return change(List.of(new MembershipChange.AddMember(node)), deadline);
  }

  /**
   * Makes a node that waits a learner.
   *
   * @param node the node
   * @param deadline how long the caller waits, more than zero
   * @return how it ended
   */
  default CompletableFuture<MembershipOutcome> addLearner(NodeId node, Duration deadline) {
    return change(List.of(new MembershipChange.AddLearner(node)), deadline);
  }

  /**
   * Makes a learner a voter as soon as it has caught up.
   *
   * @param node the learner
   * @param deadline how long the caller waits, more than zero
   * @return how it ended
   */
  default CompletableFuture<MembershipOutcome> promote(NodeId node, Duration deadline) {
    return change(List.of(new MembershipChange.Promote(node)), deadline);
  }

  /**
   * Makes a voter a learner. A leader that is demoted hands over.
   *
   * @param node the voter
   * @param deadline how long the caller waits, more than zero
   * @return how it ended
   */
  default CompletableFuture<MembershipOutcome> demote(NodeId node, Duration deadline) {
    return change(List.of(new MembershipChange.Demote(node)), deadline);
  }

  /**
   * Removes a member. A leader that is removed hands over.
   *
   * @param node the member
   * @param deadline how long the caller waits, more than zero
   * @return how it ended
   */
  default CompletableFuture<MembershipOutcome> remove(NodeId node, Duration deadline) {
    return change(List.of(new MembershipChange.Remove(node)), deadline);
  }

  /**
   * Puts a node that waits in a member's place.
   *
   * @param member the member
   * @param newcomer the node that waits; the same name if a node came back with another disk
   * @param deadline how long the caller waits, more than zero
   * @return how it ended
   */
  default CompletableFuture<MembershipOutcome> replace(
      NodeId member, NodeId newcomer, Duration deadline) {
    return change(List.of(new MembershipChange.Replace(member, newcomer)), deadline);
  }

  /**
   * Lets a node whose disk was lost or wiped come back: it becomes a learner under its new disk,
   * catches up, and takes the place that it had.
   *
   * @param node the node, which waits
   * @param deadline how long the caller waits, more than zero
   * @return how it ended
   */
  default CompletableFuture<MembershipOutcome> readmit(NodeId node, Duration deadline) {
    return change(List.of(MembershipChange.Replace.disk(node)), deadline);
  }

  /**
   * Tells the members where one of them is from now on.
   *
   * @param node the member
   * @param address its new address
   * @param deadline how long the caller waits, more than zero
   * @return how it ended
   */
  default CompletableFuture<MembershipOutcome> updateAddress(
      NodeId node, Address address, Duration deadline) {
    return change(List.of(new MembershipChange.UpdateAddress(node, address)), deadline);
  }

  /**
   * Gives up a change whose newcomers do not catch up.
   *
   * @param deadline how long the caller waits, more than zero
   * @return how it ended
   */
  default CompletableFuture<MembershipOutcome> cancel(Duration deadline) {
    return change(List.of(new MembershipChange.Cancel()), deadline);
  }
}
