/** What a run is ended by. */
package dev.quorate.raft.testkit.internal.verdict;
