/**
 * What is done when a quorum is lost for good: the node with the longest log becomes a cluster of
 * its own.
 */
package dev.quorate.raft.tools.recover;
