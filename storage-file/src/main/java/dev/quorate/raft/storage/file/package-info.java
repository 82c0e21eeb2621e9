/** Segmented write-ahead log and snapshots in plain files. */
package dev.quorate.raft.storage.file;
