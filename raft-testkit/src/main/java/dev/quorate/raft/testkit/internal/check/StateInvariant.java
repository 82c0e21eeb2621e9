package dev.quorate.raft.testkit.internal.check;

import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.StateMachine;
import dev.quorate.raft.testkit.internal.verdict.Violation;
import java.util.function.Predicate;

/**
 * What a user says of every state that is reached.
 *
 * @param name what it is called in a failure
 * @param holds whether it holds
 */
public record StateInvariant(String name, Predicate<StateMachine> holds) {

  /** Judges the state of a node after the entry at an index, or a snapshot of it. */
  void judge(NodeId node, long index, StateMachine machine) {
    boolean does;
    try {
      does = holds.test(machine);
    } catch (RuntimeException e) {
      Violation violation = new Violation(name, at(node, index) + ": " + e);
      violation.initCause(e);
      throw violation;
    }
    Violation.unless(does, name, () -> "does not hold " + at(node, index));
  }

  private static String at(NodeId node, long index) {
    return "at " + node + " after index " + index;
  }
}
