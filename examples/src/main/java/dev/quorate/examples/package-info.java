/** Programs that a newcomer can read in five minutes each. */
package dev.quorate.examples;
