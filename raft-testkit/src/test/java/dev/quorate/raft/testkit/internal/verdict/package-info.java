/** How tests of checks say which invariant must break. */
package dev.quorate.raft.testkit.internal.verdict;
