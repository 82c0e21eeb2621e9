package dev.quorate.raft.tools.verify;

import dev.quorate.raft.api.storage.LogEntry;
import dev.quorate.raft.api.storage.WriteRecord;
import dev.quorate.raft.engine.codec.ConfigurationCodec;
import dev.quorate.raft.engine.codec.DecodeException;
import dev.quorate.raft.storage.file.SegmentInspection;

/** Every entry that should be a configuration is one. */
final class ReadableConfigurations implements RecordRule {

  @Override
  public void begin(SegmentInspection segment) {
    // Nothing is carried over from record to record.
  }

  @Override
  public void check(Place place, boolean intact, WriteRecord record, Findings findings) {
    if (record instanceof WriteRecord.Append append
        && append.entries().get(0).type() == LogEntry.Type.CONFIGURATION) {
      LogEntry entry = append.entries().get(0);
      try {
        ConfigurationCodec.decode(entry.payload());
      } catch (DecodeException e) {
        findings.damage(
            "configuration",
            place.file(),
            place.offset(),
            "the configuration in entry " + entry.index() + " cannot be read: " + e.getMessage(),
            "If a newer version wrote it, verify with that one. " + Advice.WIPE);
      }
    }
  }
}
