/** Histories known to be right and known to be wrong, for each check. */
package dev.quorate.raft.testkit.history;
