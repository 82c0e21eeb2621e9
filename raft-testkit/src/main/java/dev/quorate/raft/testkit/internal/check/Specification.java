package dev.quorate.raft.testkit.internal.check;

import dev.quorate.raft.testkit.history.Model;
import dev.quorate.raft.testkit.simulation.Interpretation;

/**
 * What a state machine should do, and how to read its calls.
 *
 * @param <S> a state
 * @param <I> what clients ask for
 * @param <O> what a call returns
 */
public record Specification<S, I, O>(Model<S, I, O> model, Interpretation<I, O> interpretation) {}
