/**
 * A write-ahead log in plain files: one directory a host, one stream of segments a group. The
 * format and its recovery rules are in {@code docs/storage-format.md}.
 *
 * <p>From the outside in: {@link dev.quorate.raft.storage.file.FileStorageProvider} opens a {@link
 * dev.quorate.raft.storage.file.FileStorage} (lock, identity, one failure for all), which opens a
 * {@link dev.quorate.raft.storage.file.FileGroupLog} for each group after {@link
 * dev.quorate.raft.storage.file.Recovery} has read it. A log writes through one {@link
 * dev.quorate.raft.storage.file.SegmentWriter} at a time; {@link
 * dev.quorate.raft.storage.file.SegmentAllocator} finds the room before any record is at stake.
 * Snapshots are files beside the segments, in a {@link
 * dev.quorate.raft.storage.file.FileSnapshotStore} that shares nothing with the log but the
 * directory's lock.
 *
 * <p>An {@link dev.quorate.raft.storage.file.Inspection} reads the same files with the same code
 * and changes nothing; it is for the project's own tools.
 *
 * <p>Everything here also runs on a simulated file system: paths descend by {@code resolve},
 * listings are sorted, and nothing maps, locks or names files in ways that only the default file
 * system knows.
 */
package dev.quorate.raft.storage.file;
