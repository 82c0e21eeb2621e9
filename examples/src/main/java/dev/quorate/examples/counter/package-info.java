/** The smallest useful cluster: a number that all nodes count together. */
package dev.quorate.examples.counter;
