package dev.quorate.raft.testkit.contract;

import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.storage.GroupLog;
import dev.quorate.raft.api.storage.GroupRemovedException;
import dev.quorate.raft.api.storage.LogEntry;
import dev.quorate.raft.api.storage.RecoveredLog;
import dev.quorate.raft.api.storage.SnapshotId;
import dev.quorate.raft.api.storage.SnapshotSink;
import dev.quorate.raft.api.storage.SnapshotStore;
import dev.quorate.raft.api.storage.Storage;
import dev.quorate.raft.api.storage.StorageContext;
import dev.quorate.raft.api.storage.StorageProvider;
import dev.quorate.raft.api.storage.WriteBatch;
import dev.quorate.raft.api.storage.WriteRecord;
import dev.quorate.raft.testkit.internal.tests.LogModel;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/**
 * Storages with one fault each, put under the contract. Nested, so that no build runs them alone.
 */
final class BrokenStorages {

  private BrokenStorages() {}

  /** The contract of the sound storage, changed at its opening. */
  abstract static class Variant extends MemoryStorageContractTest {

    abstract Storage broken(StorageContext context) throws IOException;

    static Storage sound(StorageContext context) throws IOException {
      return new MemoryStorageProvider().open(context);
    }

    @Override
    protected StorageProvider provider() {
      return new StorageProvider() {
        @Override
        public String name() {
          return "memory";
        }

        @Override
        public Storage open(StorageContext context) throws IOException {
          return broken(context);
        }
      };
    }
  }

  /** The same, changed in its logs. */
  abstract static class LogVariant extends Variant {

    abstract GroupLog broken(Storage storage, GroupLog log);

    @Override
    Storage broken(StorageContext context) throws IOException {
      return new ForwardingStorage(sound(context)) {
        @Override
        public GroupLog openLog(String group) throws IOException {
          return broken(sound, sound.openLog(group));
        }
      };
    }
  }

  /** Each opening has an incarnation of its own. */
  static class NewIncarnationEachTime extends Variant {
    @Override
    Storage broken(StorageContext context) throws IOException {
      return new ForwardingStorage(sound(context)) {
        @Override
        public long incarnation() {
          return context.newIncarnation();
        }
      };
    }
  }

  /** Whose directory it is does not matter. */
  static class ServesAnybody extends Variant {
    @Override
    Storage broken(StorageContext context) throws IOException {
      return sound(
          new StorageContext(
              context.directory(),
              CLUSTER,
              NodeId.of("n1"),
              context.newIncarnation(),
              context.holder(),
              context.settings()));
    }
  }

  /** A directory may be opened twice. */
  static class HasNoLock extends Variant {
    @Override
    Storage broken(StorageContext context) throws IOException {
      MemoryStorageProvider.release(context.directory());
      return sound(context);
    }
  }

  /** A force returns and has done nothing. */
  static class DoesNotForce extends Variant {
    @Override
    Storage broken(StorageContext context) throws IOException {
      return new ForwardingStorage(sound(context)) {
        @Override
        public void force() {
          // The fault: nothing.
        }
      };
    }
  }

  /** What was removed can be begun anew. */
  static class ForgetsWhatItRemoved extends Variant {
    @Override
    Storage broken(StorageContext context) throws IOException {
      return new ForwardingStorage(sound(context)) {
        @Override
        public GroupLog openLog(String group) throws IOException {
          try {
            return sound.openLog(group);
          } catch (GroupRemovedException e) {
            return sound.openLog(group + ".");
          }
        }
      };
    }
  }

  /** Ids are file names on a system that does not tell upper from lower case. */
  static class IgnoresCase extends Variant {
    @Override
    Storage broken(StorageContext context) throws IOException {
      return new ForwardingStorage(sound(context)) {
        @Override
        public GroupLog openLog(String group) throws IOException {
          return sound.openLog(group.toLowerCase(Locale.ROOT));
        }
      };
    }
  }

  /** A batch may survive in part: each record is a batch of its own below, and forced. */
  static class TearsBatches extends LogVariant {
    @Override
    GroupLog broken(Storage storage, GroupLog log) {
      return new ForwardingStorage.Log(log) {
        private long batches;
        private long records;

        @Override
        public void write(WriteBatch batch) throws IOException {
          if (batch.sequence() != batches + 1) {
            throw new IllegalArgumentException("sequence " + batch.sequence());
          }
          for (int i = 0; i < batch.records().size(); i++) {
            if (i > 0) {
              storage.force();
            }
            sound.write(new WriteBatch(records + 1, List.of(batch.records().get(i))));
            records++;
          }
          batches++;
        }
      };
    }
  }

  /** What does not follow is ignored in silence. */
  static class SwallowsWhatDoesNotFollow extends LogVariant {
    @Override
    GroupLog broken(Storage storage, GroupLog log) {
      return new ForwardingStorage.Log(log) {
        @Override
        public void write(WriteBatch batch) throws IOException {
          try {
            sound.write(batch);
          } catch (IllegalArgumentException e) {
            // The fault: nobody hears of it.
            return;
          }
        }
      };
    }
  }

  /** Within a term the first hard state stays. */
  static class KeepsTheFirstVoteOfATerm extends LogVariant {
    @Override
    GroupLog broken(Storage storage, GroupLog log) {
      return new ForwardingStorage.Log(log) {
        private long term = log.recovered().hardState().term();

        @Override
        public void write(WriteBatch batch) throws IOException {
          List<WriteRecord> records = new ArrayList<>();
          for (WriteRecord record : batch.records()) {
            if (record instanceof WriteRecord.SetHardState set) {
              if (set.state().term() == term) {
                records.add(new WriteRecord.SetHardState(sound.recovered().hardState()));
                continue;
              }
              term = set.state().term();
            }
            records.add(record);
          }
          sound.write(new WriteBatch(batch.sequence(), records));
        }
      };
    }
  }

  /** A read ends before the entry that reaches the limit. */
  static class ReadsLessThanAsked extends LogVariant {
    @Override
    GroupLog broken(Storage storage, GroupLog log) {
      return new ForwardingStorage.Log(log) {
        @Override
        public List<LogEntry> read(long from, long to, long maxBytes) throws IOException {
          List<LogEntry> read = sound.read(from, to, maxBytes);
          long sum = read.stream().mapToLong(LogEntry::encodedLength).sum();
          return read.size() > 1 && sum > maxBytes ? read.subList(0, read.size() - 1) : read;
        }
      };
    }
  }

  /** What was recovered is what is there now. */
  static class RecoversThePresent extends LogVariant {
    @Override
    GroupLog broken(Storage storage, GroupLog log) {
      return new ForwardingStorage.Log(log) {
        @Override
        public RecoveredLog recovered() {
          try {
            return LogModel.of(sound, 1_000).recovered();
          } catch (IOException e) {
            return sound.recovered();
          }
        }
      };
    }
  }

  /** A compaction drops an entry too many. */
  static class CompactsTooMuch extends LogVariant {
    @Override
    GroupLog broken(Storage storage, GroupLog log) {
      return new ForwardingStorage.Log(log) {
        private long gone;

        @Override
        public void write(WriteBatch batch) throws IOException {
          sound.write(batch);
          for (WriteRecord record : batch.records()) {
            if (record instanceof WriteRecord.Compact compact) {
              gone = compact.throughIndex() + 1;
            }
          }
        }

        @Override
        public List<LogEntry> read(long from, long to, long maxBytes) throws IOException {
          return from == gone ? List.of() : sound.read(from, to, maxBytes);
        }
      };
    }
  }

  /** An install drops what it should keep. */
  static class InstallsOverALogThatHasIt extends LogVariant {
    @Override
    GroupLog broken(Storage storage, GroupLog log) {
      return new ForwardingStorage.Log(log) {
        @Override
        public void write(WriteBatch batch) throws IOException {
          List<WriteRecord> records = new ArrayList<>();
          for (WriteRecord record : batch.records()) {
            records.add(record);
            if (record instanceof WriteRecord.InstallSnapshot install) {
              records.add(new WriteRecord.Truncate(install.snapshot().index() + 1));
            }
          }
          sound.write(new WriteBatch(batch.sequence(), records));
        }
      };
    }
  }

  /** The same, changed in its snapshots. */
  abstract static class SnapshotVariant extends Variant {

    abstract SnapshotStore broken(SnapshotStore store);

    @Override
    Storage broken(StorageContext context) throws IOException {
      return new ForwardingStorage(sound(context)) {
        @Override
        public SnapshotStore openSnapshots(String group) throws IOException {
          return broken(sound.openSnapshots(group));
        }
      };
    }
  }

  /** What was begun is forgotten when its sink is closed. */
  static class ReceivesFromTheBeginning extends SnapshotVariant {
    @Override
    SnapshotStore broken(SnapshotStore store) {
      return new ForwardingStorage.Snapshots(store) {
        @Override
        public SnapshotSink receive(SnapshotId id) throws IOException {
          sound.receive(new SnapshotId(id.boot() + 1, id.index(), id.term(), 0, 0)).close();
          return sound.receive(id);
        }
      };
    }
  }

  /** Whatever was received is taken for what was announced. */
  static class BelievesWhatItReceives extends SnapshotVariant {
    @Override
    SnapshotStore broken(SnapshotStore store) {
      return new ForwardingStorage.Snapshots(store) {
        @Override
        public SnapshotSink receive(SnapshotId id) throws IOException {
          return sound.create(id.boot(), id.index(), id.term());
        }
      };
    }
  }

  /** The oldest snapshot is the first of the list. */
  static class ListsTheOldestFirst extends SnapshotVariant {
    @Override
    SnapshotStore broken(SnapshotStore store) {
      return new ForwardingStorage.Snapshots(store) {
        @Override
        public List<SnapshotId> list() throws IOException {
          List<SnapshotId> reversed = new ArrayList<>(sound.list());
          Collections.reverse(reversed);
          return reversed;
        }
      };
    }
  }
}
