package dev.quorate.raft.testkit.history;

import dev.quorate.raft.testkit.history.KeyedModel.Keyed;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Many objects of one kind under keys that do not touch each other: with {@link RegisterModel} a
 * key-value map, with {@link AppendModel} a set of channels.
 *
 * @param <K> a key, with {@code equals}, {@code hashCode} and {@code toString}
 * @param <S> the state of one object
 * @param <I> what is asked of one object
 * @param <O> what it returns
 */
public final class KeyedModel<K, S, I, O> implements Model<S, Keyed<K, I>, O> {

  private final Model<S, I, O> each;

  /**
   * An operation on one of the objects.
   *
   * @param key which object
   * @param input what is asked of it
   * @param <K> a key
   * @param <I> what is asked of one object
   */
  public record Keyed<K, I>(K key, I input) {
    /** Checks that nothing is missing. */
    public Keyed {
      Objects.requireNonNull(key, "key");
      Objects.requireNonNull(input, "input");
    }
  }

  /**
   * Objects of one kind.
   *
   * @param each what each of them does
   */
  public KeyedModel(Model<S, I, O> each) {
    this.each = Objects.requireNonNull(each, "each");
  }

  @Override
  public S initial() {
    return each.initial();
  }

  @Override
  public Optional<S> step(S state, Keyed<K, I> input, O output) {
    return each.step(state, input.input(), output);
  }

  @Override
  public S unseen(S state, Keyed<K, I> input) {
    return each.unseen(state, input.input());
  }

  @Override
  public boolean isRead(Keyed<K, I> input) {
    return each.isRead(input.input());
  }

  @Override
  public Object partition(Keyed<K, I> input) {
    return List.of(input.key(), each.partition(input.input()));
  }
}
