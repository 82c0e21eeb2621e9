package dev.quorate.raft.storage.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quorate.raft.api.storage.CorruptionException;
import dev.quorate.raft.api.storage.WriteRecord;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Every bit of a log's files, flipped: exactly the log, or a refusal (P4). */
class BitFlipTest {

  private Disk disk;
  private Rig rig;

  @BeforeEach
  void writeSomeSegments() throws IOException {
    disk = new Disk();
    rig = Rig.open(disk);
    rig.write(Batches.vote(1, "n2"), Batches.append(Batches.command(1, 1, 900)));
    rig.write(Batches.append(Batches.command(2, 1, 10), Batches.command(3, 1, 1700)));
    rig.force();
    rig.append(1200);
    rig.append(300);
    rig.force();
    rig.write(new WriteRecord.Truncate(4), Batches.vote(2, "n3"));
    rig.write(Batches.append(Batches.command(4, 2, 300), Batches.command(5, 2, 1)));
  }

  private int[] flipAll(Disk base, Content expected) throws IOException {
    int[] verdicts = new int[2];
    for (Map.Entry<String, byte[]> file : base.files().entrySet()) {
      if (file.getKey().endsWith("/spare")) {
        continue; // Deleted whole if any byte is not zero.
      }
      byte[] content = file.getValue();
      for (int bit = 0; bit < content.length * Byte.SIZE; bit++) {
        byte[] flipped = content.clone();
        flipped[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
        Disk damaged = base.copy();
        damaged.put(file.getKey(), flipped);
        try {
          assertThat(Rig.open(damaged).content())
              .as("%s bit %d", file.getKey(), bit)
              .isEqualTo(expected);
          verdicts[0]++;
        } catch (CorruptionException e) {
          assertThat(e).hasMessageContaining(file.getKey()).hasMessageContaining("offset");
          assertThat(e).hasMessageContaining("wipe this node's whole data directory");
          verdicts[1]++;
        }
      }
    }
    return verdicts;
  }

  @Test
  void ofACleanlyClosedLog() throws IOException {
    rig.storage.close();
    assertThat(disk.files()).containsKey(Rig.SEGMENTS + "0000000002.wal");
    int[] verdicts = flipAll(disk, rig.content());
    // Both happen: a flip in what was never written, or no longer counts, is harmless.
    assertThat(verdicts[0]).isGreaterThan(8 * 1000);
    assertThat(verdicts[1]).isGreaterThan(8 * 4000);
  }

  @Test
  void belowTheWatermarkOfALogThatWasKilled() throws IOException {
    rig.force();
    Disk killed = disk.killed();
    killed.remove("/d/lock");
    assertThat(flipAll(killed.copy(), rig.content())[1]).isGreaterThan(8 * 4000);
  }

  /** Whatever a loss of power makes of the watermark, it names the segment that is the last one. */
  @Test
  void theLastSegmentIsMissedWheneverPowerWasLost() throws IOException {
    for (int seed = 0; seed < 20; seed++) {
      Disk rolled = new Disk();
      Rig one = Rig.open(rolled);
      one.append(3000);
      one.append(3000);
      Disk lost = rolled.powerLost(seed);
      assertThat(lost.files()).containsKey(Rig.SEGMENTS + "0000000002.wal");
      lost.remove(Rig.SEGMENTS + "0000000002.wal");
      assertThatThrownBy(() -> Rig.open(lost))
          .isInstanceOf(CorruptionException.class)
          .hasMessageContaining("0000000002.wal");
    }
  }

  @Test
  void theSegmentOfARecoveryIsMissedToo() throws IOException {
    Disk killed = disk.killed();
    Rig.open(killed);
    for (int seed = 0; seed < 20; seed++) {
      Disk lost = killed.powerLost(seed);
      lost.remove(Rig.SEGMENTS + "0000000003.wal");
      assertThatThrownBy(() -> Rig.open(lost))
          .isInstanceOf(CorruptionException.class)
          .hasMessageContaining("0000000003.wal");
    }
  }

  @Test
  void aWatermarkOfNoSegmentsIsNotANewLog() throws IOException {
    rig.storage.close();
    disk.files().keySet().stream().filter(name -> name.endsWith(".wal")).forEach(disk::remove);
    disk.put(Rig.WATERMARK, new byte[16]);
    assertThatThrownBy(() -> Rig.open(disk))
        .isInstanceOf(CorruptionException.class)
        .hasMessageContaining("missing");
  }

  @Test
  void aFileThatIsGoneIsARefusal() throws IOException {
    rig.storage.close();
    for (String file : disk.files().keySet()) {
      Disk damaged = disk.copy();
      damaged.remove(file);
      if (file.endsWith(".wal") || file.endsWith("identity")) {
        assertThatThrownBy(() -> Rig.open(damaged))
            .as(file)
            .isInstanceOf(CorruptionException.class)
            .hasMessageContaining("missing");
      } else {
        assertThat(Rig.open(damaged).content()).as(file).isEqualTo(rig.content());
      }
    }
  }
}
