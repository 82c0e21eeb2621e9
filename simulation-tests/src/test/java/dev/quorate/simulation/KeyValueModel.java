package dev.quorate.simulation;

import dev.quorate.raft.testkit.history.Model;
import java.util.Optional;

/** What a key-value store does: every operation returns the value that was there before it. */
final class KeyValueModel
    implements Model<Optional<String>, KeyValueModel.Input, Optional<String>> {

  /** An operation on a key. */
  sealed interface Input {
    String key();
  }

  record Get(String key) implements Input {}

  record Put(String key, String value) implements Input {}

  record Remove(String key) implements Input {}

  @Override
  public Optional<String> initial() {
    return Optional.empty();
  }

  @Override
  public Optional<Optional<String>> step(
      Optional<String> state, Input input, Optional<String> before) {
    return before.equals(state) ? Optional.of(unseen(state, input)) : Optional.empty();
  }

  @Override
  public Optional<String> unseen(Optional<String> state, Input input) {
    if (input instanceof Put put) {
      return Optional.of(put.value());
    }
    return input instanceof Remove ? Optional.empty() : state;
  }

  @Override
  public boolean isRead(Input input) {
    return input instanceof Get;
  }

  @Override
  public Object partition(Input input) {
    return input.key();
  }
}
