package dev.quorate.raft.storage.file;

import dev.quorate.raft.api.storage.HardState;
import dev.quorate.raft.api.storage.LogEntry;
import dev.quorate.raft.api.storage.SnapshotId;
import dev.quorate.raft.api.storage.WriteRecord;
import java.util.ArrayList;
import java.util.List;

/** Keeps records as they can be written again. */
final class RecordCollector implements RecordSink {

  private final List<WriteRecord> records = new ArrayList<>();

  List<WriteRecord> records() {
    return records;
  }

  @Override
  public void hardState(HardState state) {
    records.add(new WriteRecord.SetHardState(state));
  }

  @Override
  public void truncate(long fromIndex) {
    records.add(new WriteRecord.Truncate(fromIndex));
  }

  @Override
  public void entry(LogEntry entry, int offset) {
    records.add(new WriteRecord.Append(List.of(entry)));
  }

  @Override
  public void compact(long throughIndex, long throughTerm) {
    records.add(new WriteRecord.Compact(throughIndex, throughTerm));
  }

  @Override
  public void install(SnapshotId snapshot) {
    records.add(new WriteRecord.InstallSnapshot(snapshot));
  }
}
