/** Programs that a newcomer can read in five minutes each, a package for each. */
package dev.quorate.examples;
