package dev.quorate.raft.api.storage;

/**
 * Which snapshot it is. Two nodes' snapshots at one index need not be equal in bytes, so that an
 * index does not name one: chunks of two would make a third that nobody wrote (rule P13). Equal ids
 * mean equal bytes.
 *
 * @param boot the random number of the run of the process that made it
 * @param index the index of the last entry that it contains the effect of, at least 1
 * @param term the term of that entry
 * @param length how long it is, in bytes
 * @param hash the first 8 bytes, big-endian, of the SHA-256 digest of its content
 */
public record SnapshotId(long boot, long index, long term, long length, long hash) {

  /** Checks the parts. */
  public SnapshotId {
    if (index < 1 || term < 0 || length < 0) {
      throw new IllegalArgumentException(
          "snapshot of " + length + " bytes at index " + index + " of term " + term);
    }
  }
}
