/**
 * A snapshot out of a directory into a file, which is the storage's own file of it, and out of such
 * a file into the directories of a new cluster.
 */
package dev.quorate.raft.tools.backup;
