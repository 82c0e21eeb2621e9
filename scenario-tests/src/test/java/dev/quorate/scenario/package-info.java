/**
 * The acceptance scenarios of the demo, driven the way people drive it: through {@code bin/chat},
 * its standard input and what it prints. Nothing here calls into the product but {@link
 * dev.quorate.scenario.ScenarioClient}, an ordinary client in a process of its own.
 */
package dev.quorate.scenario;
