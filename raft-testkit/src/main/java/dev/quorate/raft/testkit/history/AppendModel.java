package dev.quorate.raft.testkit.history;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A list that only grows at its end, at first empty: a log, or a channel of messages.
 *
 * @param <E> an element, with {@code equals} and {@code hashCode}
 */
public final class AppendModel<E>
    implements Model<AppendModel.Chain<E>, AppendModel.Input<E>, AppendModel.Output<E>> {

  /**
   * What clients ask for.
   *
   * @param <E> an element
   */
  public sealed interface Input<E> {}

  /**
   * Appends; answered by {@link Appended}.
   *
   * @param element the new last element
   * @param <E> an element
   */
  public record Append<E>(E element) implements Input<E> {
    /** Checks that there is an element. */
    public Append {
      Objects.requireNonNull(element, "element");
    }
  }

  /**
   * Reads everything; answered by {@link Contents}.
   *
   * @param <E> an element
   */
  public record Read<E>() implements Input<E> {}

  /**
   * What a call returns.
   *
   * @param <E> an element
   */
  public sealed interface Output<E> {}

  /**
   * It is appended.
   *
   * @param length how long the list is with it, or 0 if the client was not told
   * @param <E> an element
   */
  public record Appended<E>(int length) implements Output<E> {}

  /**
   * What a read saw.
   *
   * @param elements the whole list
   * @param <E> an element
   */
  public record Contents<E>(List<E> elements) implements Output<E> {
    /** Copies the list. */
    public Contents {
      elements = List.copyOf(elements);
    }
  }

  /** A list without an element. */
  public AppendModel() {}

  @Override
  public Chain<E> initial() {
    return new Chain<>(null, null);
  }

  @Override
  public Optional<Chain<E>> step(Chain<E> state, Input<E> input, Output<E> output) {
    Chain<E> after = unseen(state, input);
    boolean legal;
    if (input instanceof Read<E>) {
      legal = output instanceof Contents<E> seen && state.holds(seen.elements());
    } else {
      legal =
          output instanceof Appended<E> appended
              && (appended.length() == 0 || appended.length() == after.length);
    }
    return legal ? Optional.of(after) : Optional.empty();
  }

  @Override
  public Chain<E> unseen(Chain<E> state, Input<E> input) {
    return input instanceof Append<E> append ? new Chain<>(state, append.element()) : state;
  }

  @Override
  public boolean isRead(Input<E> input) {
    return input instanceof Read<E>;
  }

  /**
   * The list, from its last element backwards: states share their beginnings, so that a history of
   * n appends takes n places and not n².
   *
   * @param <E> an element
   */
  public static final class Chain<E> {

    private final Chain<E> before;
    private final E last;
    private final int length;
    private final int hash;

    private Chain(Chain<E> before, E last) {
      this.before = before;
      this.last = last;
      this.length = before == null ? 0 : before.length + 1;
      this.hash = before == null ? 1 : 31 * before.hash + last.hashCode();
    }

    private boolean holds(List<E> elements) {
      if (elements.size() != length) {
        return false;
      }
      Chain<E> at = this;
      while (at.length > 0 && at.last.equals(elements.get(at.length - 1))) {
        at = at.before;
      }
      return at.length == 0;
    }

    @Override
    public boolean equals(Object other) {
      if (!(other instanceof Chain<?> that) || that.hash != hash || that.length != length) {
        return false;
      }
      Chain<?> a = this;
      Chain<?> b = that;
      while (a != b && a.length > 0 && a.last.equals(b.last)) {
        a = a.before;
        b = b.before;
      }
      return a == b || a.length == 0;
    }

    @Override
    public int hashCode() {
      return hash;
    }

    /** The length and the last element. */
    @Override
    public String toString() {
      return length == 0 ? "an empty list" : length + " elements, the last " + last;
    }
  }
}
