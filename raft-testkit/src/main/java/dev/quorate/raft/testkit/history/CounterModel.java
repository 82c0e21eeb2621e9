package dev.quorate.raft.testkit.history;

import java.util.Optional;

/**
 * A number that is added to, at first 0. Every call returns the number after it. Not linearizable
 * are lost additions, doubled ones, and any two that return the same although both added.
 */
public final class CounterModel implements Model<Long, CounterModel.Add, Long> {

  /**
   * What clients ask for.
   *
   * @param delta how much to add; 0 only reads
   */
  public record Add(long delta) {}

  /** A counter at 0. */
  public CounterModel() {}

  @Override
  public Long initial() {
    return 0L;
  }

  @Override
  public Optional<Long> step(Long state, Add input, Long output) {
    Long after = unseen(state, input);
    return after.equals(output) ? Optional.of(after) : Optional.empty();
  }

  @Override
  public Long unseen(Long state, Add input) {
    return state + input.delta();
  }

  @Override
  public boolean isRead(Add input) {
    return input.delta() == 0;
  }
}
