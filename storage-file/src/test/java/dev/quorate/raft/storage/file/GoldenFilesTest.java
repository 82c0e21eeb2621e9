package dev.quorate.raft.storage.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.raft.api.storage.LogEntry;
import dev.quorate.raft.api.storage.SnapshotId;
import dev.quorate.raft.api.storage.SnapshotStore;
import dev.quorate.raft.api.storage.WriteRecord;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Files of format version 1, written once and kept: what was written then must be read for as long
 * as a program reads version 1, and a program that writes other bytes writes another version. They
 * hold every kind of record, a segment's header with all that it can repeat, and a snapshot.
 */
class GoldenFilesTest {

  private static final String SNAPSHOT =
      "group-g/snapshots/0000000000000000014-0123456789abcdef-9a76b8af8f16f19d.snap";

  private static final List<String> FILES =
      List.of(
          "identity",
          "group-g/0000000001.wal",
          "group-g/0000000002.wal",
          "group-g/watermark",
          SNAPSHOT);

  private static byte[] golden(String file) throws IOException {
    try (InputStream in = GoldenFilesTest.class.getResourceAsStream("/golden/version-1/" + file)) {
      return in.readAllBytes();
    }
  }

  private static LogEntry entry(LogEntry.Type type, long index, long term, int length) {
    ByteBuffer payload = ByteBuffer.allocate(length);
    while (payload.hasRemaining()) {
      payload.put((byte) (index + payload.position()));
    }
    return LogEntry.of(type, index, term, index * 10, index * 20, payload.flip());
  }

  private static byte[] snapshot() {
    byte[] content = new byte[300];
    for (int i = 0; i < content.length; i++) {
      content[i] = (byte) (i * 7);
    }
    return content;
  }

  /** Writes the files and returns what is in the log. */
  private static Rig write(Disk disk) throws IOException {
    Rig rig = Rig.open(disk);
    rig.write(
        Batches.vote(3, "n2"),
        Batches.append(
            entry(LogEntry.Type.CONFIGURATION, 1, 1, 20), entry(LogEntry.Type.NO_OP, 2, 3, 0)));
    rig.force();
    rig.write(Batches.install(10, 4));
    rig.write(
        Batches.append(
            entry(LogEntry.Type.NO_OP, 11, 5, 0),
            entry(LogEntry.Type.COMMAND, 12, 5, 50),
            entry(LogEntry.Type.COMMAND, 13, 5, 50)));
    rig.write(
        new WriteRecord.Truncate(13),
        Batches.append(entry(LogEntry.Type.CONFIGURATION, 13, 6, 30)),
        Batches.vote(6, "node-with-a-longer-name"));
    rig.force();
    rig.write(Batches.append(entry(LogEntry.Type.COMMAND, 14, 6, 3000)));
    Snapshots.create(rig.storage.openSnapshots(Rig.GROUP), 14, 6, snapshot());
    rig.write(Batches.compact(12, 5));
    rig.write(Batches.append(entry(LogEntry.Type.COMMAND, 15, 6, 1000)));
    rig.force();
    rig.storage.close();
    return rig;
  }

  @Test
  void theSameBytesAreWritten() throws IOException {
    Disk disk = new Disk();
    write(disk);
    for (String file : FILES) {
      assertThat(disk.files().get("/d/" + file)).as(file).isEqualTo(golden(file));
    }
    assertThat(disk.files().keySet())
        .filteredOn(name -> !List.of("/d/lock", "/d/holder", Rig.SEGMENTS + "spare").contains(name))
        .containsExactlyInAnyOrderElementsOf(FILES.stream().map(name -> "/d/" + name).toList());
  }

  @Test
  void everyKindOfRecordIsInTheFiles() throws IOException {
    Disk disk = new Disk();
    for (String file : FILES) {
      disk.put("/d/" + file, golden(file));
    }
    Set<Class<?>> kinds = new HashSet<>();
    try (Inspection inspection = Inspection.open(disk.path("/d"))) {
      GroupInspection group = inspection.group(Rig.GROUP);
      for (int segment : group.segments()) {
        group.segment(segment).records((offset, intact, record) -> kinds.add(record.getClass()));
      }
    }
    assertThat(kinds).containsExactlyInAnyOrder(WriteRecord.class.getPermittedSubclasses());
  }

  @Test
  void whatWasWrittenOnceIsRead() throws IOException {
    Disk disk = new Disk();
    for (String file : FILES) {
      disk.put("/d/" + file, golden(file));
    }
    Rig rig = write(new Disk());
    Rig again = rig.reopen(disk, rig.contents.size() - 1);
    assertThat(again.storage.incarnation()).isEqualTo(4711);
    assertThat(again.log.recovered().baseIndex()).isEqualTo(10);
    SnapshotStore store = again.storage.openSnapshots(Rig.GROUP);
    SnapshotId id = Snapshots.id(14, 6, snapshot());
    assertThat(store.list()).containsExactly(id);
    assertThat(Snapshots.read(store, id)).isEqualTo(snapshot());
  }
}
