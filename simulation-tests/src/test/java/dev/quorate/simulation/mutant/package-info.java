/**
 * The test of the tests: the product with one line made wrong must fail in the simulator, within a
 * number of seeds. A mutant is a text file beside the sources that says what to replace, so that
 * the product has no switch for it.
 */
package dev.quorate.simulation.mutant;
