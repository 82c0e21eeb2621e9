package dev.quorate.raft.testkit.internal.storage;

import dev.quorate.raft.api.storage.LogEntry;
import dev.quorate.raft.api.storage.Storage;
import dev.quorate.raft.api.storage.WriteBatch;
import dev.quorate.raft.api.storage.WriteRecord;
import dev.quorate.raft.testkit.internal.verdict.Violation;

/**
 * The commands that were written and not forced yet: no more than a storage has promised room for
 * (I17), unless it is a single one, or a disk that is full could refuse what stands before a vote.
 */
final class UnforcedCommands {

  private final long promisedBytes;
  private int count;
  private long bytes;

  /** None yet, at a storage that has promised room for so many bytes. */
  UnforcedCommands(long promisedBytes) {
    this.promisedBytes = promisedBytes;
  }

  /** A batch was written. */
  void written(WriteBatch batch) {
    for (WriteRecord record : batch.records()) {
      if (record instanceof WriteRecord.Append append) {
        append.entries().stream().filter(entry -> entry.type().isCommand()).forEach(this::add);
      }
    }
    Violation.unless(
        count <= 1 || bytes <= promisedBytes,
        "I17",
        () -> count + " commands of " + bytes + " bytes, room was promised for " + promisedBytes);
  }

  private void add(LogEntry command) {
    count++;
    bytes += command.encodedLength() + Storage.ENTRY_OVERHEAD_BYTES;
  }

  /** All that was written is forced. */
  void forced() {
    count = 0;
    bytes = 0;
  }
}
