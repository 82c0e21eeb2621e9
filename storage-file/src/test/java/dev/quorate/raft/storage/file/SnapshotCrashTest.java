package dev.quorate.raft.storage.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.raft.api.storage.SnapshotId;
import dev.quorate.raft.api.storage.SnapshotSink;
import dev.quorate.raft.api.storage.SnapshotStore;
import dev.quorate.raft.api.storage.WriteRecord;
import dev.quorate.raft.testkit.disk.SimulatedCrash;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Log and snapshots as an engine uses them, with a crash at every single operation: a snapshot is
 * whole or not there, and the log never begins behind the snapshots.
 */
@Tag("pitfall-53")
class SnapshotCrashTest {

  private static final int IMAGES = 3;

  /** One process and what it knows to be on the disk. */
  private static final class Run {

    private final Map<SnapshotId, byte[]> tried = new LinkedHashMap<>();
    private final Set<Long> committed = new TreeSet<>();
    private final Set<Long> deleted = new TreeSet<>();
    private final Random random;
    private Rig rig;
    private SnapshotStore store;

    Run(long seed) {
      random = new Random(seed);
    }

    /** Runs until the crash, if there is one. */
    void on(Disk disk) throws IOException {
      try {
        rig = Rig.open(disk);
        store = rig.storage.openSnapshots(Rig.GROUP);
        for (int round = 0; round < 8; round++) {
          for (int i = random.nextInt(5); i >= 0; i--) {
            rig.append(random.nextInt(1500));
          }
          rig.force();
          round(round % 4);
        }
        rig.storage.close();
        rig.forced = rig.contents.size() - 1;
      } catch (SimulatedCrash e) {
        assertThat(e).isNotNull();
      }
    }

    private void round(int kind) throws IOException {
      long last = rig.content().lastIndex();
      switch (kind) {
        case 0 -> {
          create(last, rig.content().term(last));
          long through = Math.max(rig.content().compacted(), last - random.nextInt(3));
          record(new WriteRecord.Compact(through, rig.content().term(through)));
        }
        case 1 -> record(new WriteRecord.InstallSnapshot(receive(last + 3, 100 + last)));
        case 2 -> record(new WriteRecord.InstallSnapshot(receive(last, rig.content().term(last))));
        default -> giveUp();
      }
    }

    /** Makes a record durable that leaves only the newest snapshot of use. */
    private void record(WriteRecord record) throws IOException {
      rig.write(record);
      rig.force();
      List<SnapshotId> all = store.list();
      for (SnapshotId id : all.subList(1, all.size())) {
        committed.remove(id.index());
        store.delete(id);
        deleted.add(id.index());
      }
    }

    private byte[] content() {
      return Snapshots.content(random.nextInt(3) * 50_000 + random.nextInt(500), random.nextLong());
    }

    private void create(long index, long term) throws IOException {
      byte[] content = content();
      tried.put(Snapshots.id(index, term, content), content);
      Snapshots.create(store, index, term, content);
      committed.add(index);
    }

    private SnapshotId receive(long index, long term) throws IOException {
      byte[] content = content();
      SnapshotId id = Snapshots.id(index, term, content);
      tried.put(id, content);
      int half = content.length / 2;
      try (SnapshotSink sink = store.receive(id)) {
        Snapshots.write(sink, content, 0, half);
      }
      try (SnapshotSink sink = store.receive(id)) {
        Snapshots.write(sink, content, half, content.length);
        sink.commit();
      }
      committed.add(index);
      return id;
    }

    private void giveUp() throws IOException {
      byte[] content = content();
      try (SnapshotSink sink = store.create(Snapshots.BOOT, 1000, 1)) {
        Snapshots.write(sink, content, 0, content.length);
      }
      try (SnapshotSink sink = store.receive(Snapshots.id(1001, 1, content))) {
        Snapshots.write(sink, content, 0, content.length / 2);
      }
    }

    /** Opens what a crash left and checks it against what this process knew. */
    Rig check(Disk after, boolean killed) throws IOException {
      // A process that was killed loses nothing that it had written; the last batch may be on the
      // way.
      int atLeast = killed ? Math.max(0, rig.contents.size() - 2) : rig.forced;
      Rig found = rig.reopen(after, atLeast);
      SnapshotStore snapshots = found.storage.openSnapshots(Rig.GROUP);
      List<SnapshotId> listed = snapshots.list();
      for (SnapshotId id : listed) {
        assertThat(Snapshots.read(snapshots, id)).isEqualTo(tried.get(id));
      }
      List<Long> indexes = listed.stream().map(SnapshotId::index).toList();
      assertThat(indexes).containsAll(committed).noneMatch(deleted::contains);
      long base = found.log.recovered().baseIndex();
      if (base > 0) {
        assertThat(indexes).anyMatch(index -> index >= base);
      }
      assertThat(after.files().keySet()).noneMatch(name -> name.endsWith(".new"));
      return found;
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void aSnapshotIsWholeOrNotThereAndTheLogBeginsWithOne(long seed) throws IOException {
    Disk whole = new Disk();
    Run complete = new Run(seed);
    complete.on(whole);
    complete.check(whole.powerLost(1), false);
    assertThat(complete.deleted).hasSizeGreaterThan(3);
    assertThat(whole.operations())
        .anyMatch(operation -> operation.startsWith("delete ") && operation.endsWith(".wal"));
    int operations = whole.operations().size();
    for (int at = 0; at < operations; at++) {
      for (int image = 0; image <= IMAGES; image++) {
        Disk disk = new Disk();
        disk.crashAt(at);
        Run run = new Run(seed);
        run.on(disk);
        boolean killed = image == 0;
        Disk after = killed ? disk.killed() : disk.powerLost(image);
        if (run.rig != null) {
          run.check(after, killed);
          // What was listed once is durable.
          List<String> files =
              after.files().keySet().stream().filter(SnapshotCrashTest::counts).toList();
          Disk lost = after.powerLost(image);
          assertThat(lost.files().keySet().stream().filter(SnapshotCrashTest::counts))
              .containsExactlyElementsOf(files);
          run.check(lost, false);
        }
      }
    }
  }

  private static boolean counts(String file) {
    return file.endsWith(".snap");
  }
}
