package dev.quorate.raft.storage.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.raft.api.storage.LogEntry;
import dev.quorate.raft.api.storage.Storage;
import dev.quorate.raft.api.storage.WriteRecord;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * What {@link Storage#hasSpace} promises is kept, wherever in a segment it was promised and however
 * little room the disk has had since: nobody is refused what he had put into order by then.
 */
class ReserveTest {

  private static final int SEGMENT_BYTES = 4096;

  /** What is written along with the commands of one promise. */
  private static final int COMPANIONS = 4;

  private static final int LARGEST_PAYLOAD =
      SEGMENT_BYTES / 2 - Storage.ENTRY_OVERHEAD_BYTES - LogEntry.HEADER_BYTES;

  private final Random random = new Random(7);
  private Disk disk;
  private Rig rig;
  private long term;

  @Test
  void whatWasPromisedIsTakenAndThenWhatANodeMustWrite() throws IOException {
    int promises = 0;
    int rollsOnAFullDisk = 0;
    for (int round = 0; round < 300; round++) {
      begin();
      for (int step = 0; step < 8; step++) {
        if (!rig.storage.hasSpace()) {
          disk.free(1 << 20);
          awaitSpace();
        }
        disk.free(random.nextInt(3) * random.nextInt(SEGMENT_BYTES));
        int before = segments();
        spend(rig.storage.reserveBytes());
        rollsOnAFullDisk += segments() - before;
        promises++;
        rig.force();
        vote(6);
        rig.force();
        if (random.nextInt(4) == 0) {
          disk = disk.powerLost(round);
          // Beginning may need room for what was not proven to be forced.
          disk.free(1 << 20);
          rig = rig.reopen(disk, rig.forced);
        }
      }
      rig.check();
    }
    assertThat(promises).isEqualTo(2_400);
    assertThat(rollsOnAFullDisk).as("times that the spare was needed").isGreaterThan(300);
  }

  private void begin() throws IOException {
    disk = new Disk();
    rig = Rig.open(disk.path("/d"), SEGMENT_BYTES);
    term = 1;
    for (int bytes = random.nextInt(SEGMENT_BYTES); bytes > 100; bytes -= 100) {
      rig.append(10);
    }
    rig.force();
  }

  /** Writes commands for as many bytes as were promised, in batches as they come. */
  private void spend(long promised) throws IOException {
    long left = promised;
    int companions = COMPANIONS;
    int largest = random.nextInt(3) == 0 ? LARGEST_PAYLOAD : 1 + random.nextInt(200);
    while (true) {
      List<WriteRecord> records = new ArrayList<>();
      if (companions > 0 && random.nextInt(4) == 0) {
        companions--;
        term++;
        records.add(Batches.vote(term, "n2"));
      }
      List<LogEntry> entries = new ArrayList<>();
      for (int count = 1 + random.nextInt(3); count > 0; count--) {
        LogEntry entry =
            Batches.command(
                rig.content().lastIndex() + 1 + entries.size(), term, random.nextInt(largest));
        left -= entry.encodedLength() + Storage.ENTRY_OVERHEAD_BYTES;
        if (left < 0) {
          break;
        }
        entries.add(entry);
      }
      if (!entries.isEmpty()) {
        records.add(new WriteRecord.Append(entries));
      }
      if (!records.isEmpty()) {
        rig.write(records.toArray(new WriteRecord[0]));
      }
      if (left < 0) {
        return;
      }
    }
  }

  private void vote(int terms) throws IOException {
    for (int i = 0; i < terms; i++) {
      term++;
      rig.write(Batches.vote(term, "n3"));
    }
  }

  private int segments() {
    return (int) disk.files().keySet().stream().filter(name -> name.endsWith(".wal")).count();
  }

  private void awaitSpace() {
    for (int asked = 0; asked < 20 && !rig.storage.hasSpace(); asked++) {
      assertThat(asked).isLessThan(19);
    }
  }
}
