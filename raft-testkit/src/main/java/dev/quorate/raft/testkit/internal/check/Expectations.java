package dev.quorate.raft.testkit.internal.check;

import java.util.Optional;

/**
 * What is expected of a state machine besides what is of any.
 *
 * @param comparesSnapshots whether equal states have equal snapshots
 * @param specification what it should do, if there is a model of it
 */
public record Expectations(
    boolean comparesSnapshots, Optional<Specification<?, ?, ?>> specification) {

  /** Of any state machine. */
  public static final Expectations USUAL = new Expectations(true, Optional.empty());

  /** The same, but equal states may have different snapshots. */
  public Expectations withSnapshotsInAnyOrder() {
    return new Expectations(false, specification);
  }

  /** The same, and that it does this. */
  public Expectations with(Specification<?, ?, ?> what) {
    return new Expectations(comparesSnapshots, Optional.of(what));
  }
}
