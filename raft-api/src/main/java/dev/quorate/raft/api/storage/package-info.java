/**
 * The service provider interface of storages: keep a node's identity and, for each group, one
 * ordered stream of log entries, hard state, truncations and compactions, and snapshots beside it.
 *
 * <p><b>The promise.</b> Batches go down in order. When {@link
 * dev.quorate.raft.api.storage.Storage#force} returns, every batch written before it survives the
 * loss of power. After a crash, what is read back is a prefix of what was written, in whole
 * batches, and contains all that was forced; so it is after the death of the process alone, which
 * may be killed at any moment. What is read back is made durable before the storage is handed out:
 * an entry that survived only in the operating system's cache must not be acknowledged as if it had
 * been forced.
 *
 * <p><b>Faults.</b> A full disk is {@link dev.quorate.raft.api.storage.NoSpaceException}, met
 * before any record is at stake, and may pass. Damage that cannot be a torn last write is {@link
 * dev.quorate.raft.api.storage.CorruptionException}. What the disk does not give back is {@link
 * dev.quorate.raft.api.storage.UnreadableException}, and may be tried again. Every other failure of
 * a write or a force is final until restart, while a log is opened {@link
 * dev.quorate.raft.api.storage.StorageFailedException} and otherwise any {@link
 * java.io.IOException}: a failed force is never tried again, because the system may have dropped
 * the pages (Rebello et al., "Can Applications Recover from fsync Failures?", ATC 2020).
 *
 * <p>A provider is found by {@link java.util.ServiceLoader} under its short name. Its jar declares
 * it by {@code provides} in the module descriptor and in {@code META-INF/services}.
 *
 * <p>The test kit's {@code StorageContract} has these promises as tests, except for those about
 * faults.
 */
package dev.quorate.raft.api.storage;
