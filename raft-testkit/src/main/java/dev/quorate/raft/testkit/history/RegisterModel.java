package dev.quorate.raft.testkit.history;

import java.util.Objects;
import java.util.Optional;

/**
 * One value that is read, written, cleared and exchanged; at first there is none. The state is the
 * value.
 *
 * @param <V> a value, with {@code equals} and {@code hashCode}
 */
public final class RegisterModel<V>
    implements Model<Optional<V>, RegisterModel.Input<V>, RegisterModel.Output<V>> {

  /**
   * What clients ask for.
   *
   * @param <V> a value
   */
  public sealed interface Input<V> {}

  /**
   * Reads; answered by {@link Value}.
   *
   * @param <V> a value
   */
  public record Read<V>() implements Input<V> {}

  /**
   * Writes; answered by {@link Done}.
   *
   * @param value the new value
   * @param <V> a value
   */
  public record Write<V>(V value) implements Input<V> {
    /** Checks that there is a value. */
    public Write {
      Objects.requireNonNull(value, "value");
    }
  }

  /**
   * Takes the value away; answered by {@link Done}.
   *
   * @param <V> a value
   */
  public record Clear<V>() implements Input<V> {}

  /**
   * Writes if the value is as expected; answered by {@link Exchanged}.
   *
   * @param expected the value that must be there; empty if there must be none
   * @param value the new value
   * @param <V> a value
   */
  public record CompareAndSet<V>(Optional<V> expected, V value) implements Input<V> {
    /** Checks that nothing is missing. */
    public CompareAndSet {
      Objects.requireNonNull(expected, "expected");
      Objects.requireNonNull(value, "value");
    }
  }

  /**
   * What a call returns.
   *
   * @param <V> a value
   */
  public sealed interface Output<V> {}

  /**
   * What a read saw.
   *
   * @param value the value, if there was one
   * @param <V> a value
   */
  public record Value<V>(Optional<V> value) implements Output<V> {
    /** Checks that it is not null. */
    public Value {
      Objects.requireNonNull(value, "value");
    }
  }

  /**
   * It is written, or cleared.
   *
   * @param <V> a value
   */
  public record Done<V>() implements Output<V> {}

  /**
   * What became of a comparison.
   *
   * @param done whether the value was as expected, and was written
   * @param <V> a value
   */
  public record Exchanged<V>(boolean done) implements Output<V> {}

  /** A register without a value. */
  public RegisterModel() {}

  @Override
  public Optional<V> initial() {
    return Optional.empty();
  }

  @Override
  public Optional<Optional<V>> step(Optional<V> state, Input<V> input, Output<V> output) {
    boolean legal;
    if (input instanceof Read<V>) {
      legal = output instanceof Value<V> seen && seen.value().equals(state);
    } else if (input instanceof CompareAndSet<V> exchange) {
      legal =
          output instanceof Exchanged<V> exchanged
              && exchanged.done() == exchange.expected().equals(state);
    } else {
      legal = output instanceof Done;
    }
    return legal ? Optional.of(unseen(state, input)) : Optional.empty();
  }

  @Override
  public Optional<V> unseen(Optional<V> state, Input<V> input) {
    if (input instanceof Write<V> write) {
      return Optional.of(write.value());
    } else if (input instanceof CompareAndSet<V> exchange) {
      return exchange.expected().equals(state) ? Optional.of(exchange.value()) : state;
    } else if (input instanceof Clear<V>) {
      return Optional.empty();
    }
    return state;
  }

  @Override
  public boolean isRead(Input<V> input) {
    return input instanceof Read<V>;
  }
}
