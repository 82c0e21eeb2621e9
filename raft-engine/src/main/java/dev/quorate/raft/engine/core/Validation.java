package dev.quorate.raft.engine.core;

import dev.quorate.raft.engine.message.Proposal;
import java.util.Optional;

/**
 * Asked by a leader before it appends what a caller proposed (rule P15). It judges the bytes alone
 * and says the same whenever it is asked.
 */
@FunctionalInterface
public interface Validation {

  /** Refuses nothing. */
  Validation NONE = proposal -> Optional.empty();

  /**
   * Whether the proposal is to be refused.
   *
   * @return why, or empty if it is not
   */
  Optional<String> refusal(Proposal proposal);
}
