package dev.quorate.raft.testkit.history;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The commands that took effect, by the index at which they did, and what a history of commands
 * promises about them. Where the state is the log itself these checks need no search and have no
 * budget; where it is not, they settle what {@link Linearizability} cannot see: that an unread
 * write is lost.
 *
 * <p>Every command is to be told from every other, by equality of what was asked for. If clients
 * retry within a session, the log given here is that of effects: without the repetitions that were
 * recognised when they were applied. The histories given are of commands only, without reads.
 *
 * @param <I> a command, with {@code equals} and {@code hashCode}
 */
public final class CommittedLog<I> {

  private final List<Entry<I>> entries;
  private final Map<I, Long> indexOf = new HashMap<>();

  /**
   * A command that took effect.
   *
   * @param index its index in the log
   * @param command the command
   * @param <I> a command
   */
  public record Entry<I>(long index, I command) {
    /** Checks that there is a command. */
    public Entry {
      Objects.requireNonNull(command, "command");
    }
  }

  /**
   * A log.
   *
   * @param entries its commands in the order of their indexes, which need not be dense
   */
  public CommittedLog(List<Entry<I>> entries) {
    this.entries = List.copyOf(entries);
    long before = Long.MIN_VALUE;
    for (Entry<I> entry : this.entries) {
      if (entry.index() <= before) {
        throw new IllegalArgumentException(entry + " stands behind index " + before);
      }
      before = entry.index();
      indexOf.putIfAbsent(entry.command(), entry.index());
    }
  }

  /**
   * Nothing that was acknowledged is lost.
   *
   * @param commands the history
   * @throws AssertionError if an acknowledged command is not in the log
   */
  public void requireNothingLost(List<? extends Operation<I, ?>> commands) {
    for (Operation<I, ?> command : commands) {
      if (command.isAcknowledged() && !indexOf.containsKey(command.input())) {
        throw new AssertionError("acknowledged, and not in the log: " + command);
      }
    }
  }

  /**
   * I15, exactly once: an acknowledged command is in the log once, a failed one never, one of
   * unknown end at most once, and nothing is in the log that nobody asked for.
   *
   * @param commands the history
   * @throws AssertionError if one of these does not hold
   */
  public void requireExactlyOnce(List<? extends Operation<I, ?>> commands) {
    requireNothingLost(commands);
    Map<I, Operation<I, ?>> byCommand = new HashMap<>();
    for (Operation<I, ?> command : commands) {
      Operation<I, ?> other = byCommand.put(command.input(), command);
      if (other != null) {
        throw new IllegalArgumentException(other + " and " + command + " ask for the same");
      }
    }
    for (Entry<I> entry : entries) {
      Operation<I, ?> command = byCommand.get(entry.command());
      long first = indexOf.get(entry.command());
      if (command == null) {
        throw new AssertionError("nobody asked for " + entry);
      } else if (command.isFailed()) {
        throw new AssertionError("failed, and yet " + entry + ": " + command);
      } else if (first != entry.index()) {
        throw new AssertionError("twice, at " + first + " and as " + entry + ": " + command);
      }
    }
  }

  /**
   * Each client's commands are in the log in the order in which the client asked for them, whatever
   * it had heard by then: what a session promises.
   *
   * @param commands the history, each client's commands in the order of their invocation
   * @throws AssertionError if two commands of one client are the other way round
   */
  public void requireSessionOrder(List<? extends Operation<I, ?>> commands) {
    Map<String, Operation<I, ?>> latestOf = new HashMap<>();
    for (Operation<I, ?> command : commands) {
      Long index = indexOf.get(command.input());
      if (index != null) {
        Operation<I, ?> before = latestOf.put(command.client(), command);
        if (before != null && indexOf.get(before.input()) >= index) {
          throw new AssertionError(
              "at " + index + ", before its client's earlier " + before + ": " + command);
        }
      }
    }
  }

  /**
   * Linearizability as far as the order of commands shows it: a command stands behind every other
   * one that was acknowledged before it was invoked, by whatever client.
   *
   * @param commands the history
   * @throws AssertionError if two commands are the other way round
   */
  public void requireRealTimeOrder(List<? extends Operation<I, ?>> commands) {
    List<Operation<I, ?>> logged = new ArrayList<>(commands);
    logged.removeIf(command -> !indexOf.containsKey(command.input()));
    List<Operation<I, ?>> byEnd = new ArrayList<>(logged);
    byEnd.removeIf(command -> !command.isAcknowledged());
    byEnd.sort(Comparator.comparingLong(Operation::returnedAt));
    logged.sort(Comparator.comparingLong(Operation::invokedAt));
    Operation<I, ?> highest = null;
    int ended = 0;
    for (Operation<I, ?> command : logged) {
      while (ended < byEnd.size() && byEnd.get(ended).returnedAt() < command.invokedAt()) {
        Operation<I, ?> next = byEnd.get(ended++);
        if (highest == null || indexOf.get(highest.input()) < indexOf.get(next.input())) {
          highest = next;
        }
      }
      long index = indexOf.get(command.input());
      if (highest != null && indexOf.get(highest.input()) >= index) {
        throw new AssertionError(
            "at " + index + ", before " + highest + ", which ended before it began: " + command);
      }
    }
  }
}
