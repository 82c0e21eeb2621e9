/** A store of texts under names: a state machine with several commands, and with snapshots. */
package dev.quorate.examples.keyvalue;
