package dev.quorate.raft.testkit.internal.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What is expected of a state machine besides what is of any.
 *
 * @param comparesSnapshots whether equal states have equal snapshots
 * @param specification what it should do, if there is a model of it
 * @param invariants what holds in each of its states
 */
public record Expectations(
    boolean comparesSnapshots,
    Optional<Specification<?, ?, ?>> specification,
    List<StateInvariant> invariants) {

  /** Of any state machine. */
  public static final Expectations USUAL = new Expectations(true, Optional.empty(), List.of());

  /** Copies the list. */
  public Expectations {
    invariants = List.copyOf(invariants);
  }

  /** The same, but equal states may have different snapshots. */
  public Expectations withSnapshotsInAnyOrder() {
    return new Expectations(false, specification, invariants);
  }

  /** The same, whatever it should do. */
  public Expectations withoutSpecification() {
    return new Expectations(comparesSnapshots, Optional.empty(), invariants);
  }

  /** The same, and that it does this. */
  public Expectations with(Specification<?, ?, ?> what) {
    return new Expectations(comparesSnapshots, Optional.of(what), invariants);
  }

  /** The same, and that this holds. */
  public Expectations with(StateInvariant another) {
    List<StateInvariant> all = new ArrayList<>(invariants);
    all.add(another);
    return new Expectations(comparesSnapshots, specification, all);
  }
}
