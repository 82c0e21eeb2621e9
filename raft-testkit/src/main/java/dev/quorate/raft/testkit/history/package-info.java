/**
 * What clients saw, and whether it could be right: a history of their calls, a search for an order
 * that explains it (linearizability), and checks of it against the committed log.
 */
package dev.quorate.raft.testkit.history;
