package dev.quorate.raft.testkit.history;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The search for a legal order of the operations on one object.
 *
 * <p>Wing and Gong, "Testing and Verifying Concurrent Objects" (1993): an operation may come next
 * if no other one that is still to be placed returned before it was invoked; try each, depth first.
 * Lowe, "Testing for linearizability" (2017): remember which operations were placed with which
 * state, and go on from a pair only once. The list of events from which placed operations are taken
 * out, and put back, is that of Horn and Kroening, "Faster linearizability checking via
 * P-compositionality" (2015).
 *
 * <p>Operations of unknown effect are our own addition to it. They are not events of the list, as
 * they never have to be placed. They are tried last, and the smaller sets of them first; and as one
 * that is still free can only help, a pair of placed operations and state is not gone on from if it
 * was reached before with fewer of them.
 *
 * <p>A read that may come next, and saw the present state, comes next: in an order that has it
 * later it can be moved here, and nothing else changes.
 */
final class Search<S, I, O> {

  /** What a search came to. */
  enum Result {
    LEGAL,
    ILLEGAL,
    EXHAUSTED
  }

  private static final int HEAD = 0;

  private final Model<S, I, O> model;
  private final long budget;
  private final List<Operation<I, O>> returned = new ArrayList<>();
  private final List<Operation<I, O>> unknown = new ArrayList<>();

  /** Events are numbered from 1 in the order of time; those of operations that returned: */
  private final int[] callOf;

  private final int[] returnOf;

  /** The operation that is invoked at an event, or -1 at a return. */
  private final int[] invokedAt;

  private final int[] next;
  private final int[] previous;

  private final int[] unknownCallOf;

  /** The unknown operation before which asks for the same, or -1: either will do, so in order. */
  private final int[] twinOf;

  private final BitSet placed = new BitSet();
  private final Map<Place<S>, List<BitSet>> seen = new HashMap<>();
  private final ArrayDeque<Level<S, I, O>> levels = new ArrayDeque<>();
  private long steps;

  /** Which operations are placed (all before {@code from}, and those), and the state after them. */
  private record Place<S>(int from, BitSet further, S state) {}

  /** A state, the unknown operations used on the way to it, and the last step of that way. */
  private record Reached<S, I, O>(
      S state, BitSet used, Operation<I, O> by, Reached<S, I, O> before) {}

  /** After an operation was placed: the states that unknown ones make of it, tried in order. */
  private static final class Level<S, I, O> {
    private final int operation;
    private final List<Reached<S, I, O>> states = new ArrayList<>();
    private int state;
    private int event;

    /** Whether what may come next is yet to be looked through for reads. */
    private boolean fresh = true;

    private Level(int operation, Reached<S, I, O> reached, int event) {
      this.operation = operation;
      this.states.add(reached);
      this.event = event;
    }

    private void nextState(int firstEvent) {
      state++;
      event = firstEvent;
      fresh = true;
    }
  }

  private record Event(long time, boolean isReturn, boolean isUnknown, int operation) {}

  Search(Model<S, I, O> model, List<Operation<I, O>> operations, long budget) {
    this.model = model;
    this.budget = budget;
    List<Operation<I, O>> byInvocation = new ArrayList<>(operations);
    byInvocation.sort(Comparator.comparingLong(Operation::invokedAt));
    List<Event> events = new ArrayList<>();
    for (Operation<I, O> operation : byInvocation) {
      if (operation.ending() instanceof Ending.Returned<O> end) {
        events.add(new Event(operation.invokedAt(), false, false, returned.size()));
        events.add(new Event(end.at(), true, false, returned.size()));
        returned.add(operation);
      } else if (!operation.isFailed()) {
        events.add(new Event(operation.invokedAt(), false, true, unknown.size()));
        unknown.add(operation);
      }
    }
    events.sort(Comparator.comparingLong(Event::time).thenComparing(Event::isReturn));
    callOf = new int[returned.size()];
    returnOf = new int[returned.size()];
    unknownCallOf = new int[unknown.size()];
    invokedAt = new int[events.size() + 1];
    next = new int[events.size() + 1];
    previous = new int[events.size() + 1];
    link(events);
    twinOf = new int[unknown.size()];
    Map<I, Integer> last = new HashMap<>();
    for (int i = 0; i < twinOf.length; i++) {
      Integer twin = last.put(unknown.get(i).input(), i);
      twinOf[i] = twin == null ? -1 : twin;
    }
  }

  private void link(List<Event> events) {
    int end = HEAD;
    for (int i = 1; i <= events.size(); i++) {
      Event event = events.get(i - 1);
      if (event.isUnknown) {
        unknownCallOf[event.operation] = i;
      } else {
        (event.isReturn ? returnOf : callOf)[event.operation] = i;
        invokedAt[i] = event.isReturn ? -1 : event.operation;
        next[end] = i;
        previous[i] = end;
        end = i;
      }
    }
  }

  Result run() {
    Reached<S, I, O> first = new Reached<>(model.initial(), new BitSet(), null, null);
    isNew(first.state, first.used);
    levels.push(new Level<>(-1, first, next[HEAD]));
    while (levels.size() <= returned.size()) {
      if (steps >= budget) {
        return Result.EXHAUSTED;
      }
      Level<S, I, O> level = levels.peek();
      if (level.state == level.states.size()) {
        levels.pop();
        if (levels.isEmpty()) {
          return Result.ILLEGAL;
        }
        putBack(level.operation);
      } else if (level.fresh) {
        level.fresh = false;
        int begin = next[HEAD];
        if (placeRead(level.states.get(level.state))) {
          level.nextState(begin);
        }
      } else if (invokedAt[level.event] >= 0) {
        int operation = invokedAt[level.event];
        level.event = next[level.event];
        tryNext(level.states.get(level.state), operation);
      } else {
        // Nothing else may come before that return. The list has one: not all are placed.
        tryUnknown(level, level.event);
        level.nextState(next[HEAD]);
      }
    }
    return Result.LEGAL;
  }

  long steps() {
    return steps;
  }

  /** After a legal end: the operations in an order that explains them, and the last state. */
  List<Operation<I, O>> order() {
    LinkedList<Operation<I, O>> order = new LinkedList<>();
    for (Reached<S, I, O> at = last(); at.before != null; at = at.before) {
      order.addFirst(at.by);
    }
    return Collections.unmodifiableList(order);
  }

  S lastState() {
    return last().state;
  }

  private Reached<S, I, O> last() {
    return levels.element().states.get(0);
  }

  /** Places a read, if one may come next; nothing else is tried then. */
  private boolean placeRead(Reached<S, I, O> from) {
    for (int event = next[HEAD]; invokedAt[event] >= 0; event = next[event]) {
      int operation = invokedAt[event];
      if (model.isRead(returned.get(operation).input())
          && step(from.state, operation).isPresent()) {
        place(from, operation, from.state);
        return true;
      }
    }
    return false;
  }

  private Optional<S> step(S state, int operation) {
    steps++;
    Operation<I, O> candidate = returned.get(operation);
    O output = ((Ending.Returned<O>) candidate.ending()).value();
    return model.step(state, candidate.input(), output);
  }

  private void place(Reached<S, I, O> from, int operation, S after) {
    takeOut(operation);
    if (isNew(after, from.used)) {
      Reached<S, I, O> reached = new Reached<>(after, from.used, returned.get(operation), from);
      levels.push(new Level<>(operation, reached, next[HEAD]));
    } else {
      putBack(operation);
    }
  }

  private void tryNext(Reached<S, I, O> from, int operation) {
    step(from.state, operation).ifPresent(after -> place(from, operation, after));
  }

  private void tryUnknown(Level<S, I, O> level, int beforeEvent) {
    Reached<S, I, O> from = level.states.get(level.state);
    for (int i = 0; i < unknownCallOf.length && unknownCallOf[i] < beforeEvent; i++) {
      if (!from.used.get(i) && (twinOf[i] < 0 || from.used.get(twinOf[i]))) {
        steps++;
        S after = model.unseen(from.state, unknown.get(i).input());
        BitSet used = (BitSet) from.used.clone();
        used.set(i);
        if (isNew(after, used)) {
          level.states.add(new Reached<>(after, used, unknown.get(i), from));
        }
      }
    }
  }

  /** Whether what is placed was never reached with that state and as few unknown operations. */
  private boolean isNew(S state, BitSet used) {
    // The first event is the call of the first operation that is not placed.
    int from = next[HEAD] == HEAD ? returned.size() : invokedAt[next[HEAD]];
    Place<S> place = new Place<>(from, placed.get(from, placed.length()), state);
    List<BitSet> before = seen.computeIfAbsent(place, key -> new ArrayList<>(1));
    for (BitSet smaller : before) {
      BitSet rest = (BitSet) smaller.clone();
      rest.andNot(used);
      if (rest.isEmpty()) {
        return false;
      }
    }
    before.add(used);
    return true;
  }

  private void takeOut(int operation) {
    placed.set(operation);
    unlink(callOf[operation]);
    unlink(returnOf[operation]);
  }

  private void unlink(int event) {
    next[previous[event]] = next[event];
    if (next[event] != HEAD) {
      previous[next[event]] = previous[event];
    }
  }

  private void putBack(int operation) {
    relink(returnOf[operation]);
    relink(callOf[operation]);
    placed.clear(operation);
  }

  private void relink(int event) {
    next[previous[event]] = event;
    if (next[event] != HEAD) {
      previous[next[event]] = event;
    }
  }
}
