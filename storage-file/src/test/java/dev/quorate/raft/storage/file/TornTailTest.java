package dev.quorate.raft.storage.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quorate.raft.api.storage.CorruptionException;
import dev.quorate.raft.api.storage.LogEntry;
import dev.quorate.raft.api.storage.WriteRecord;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The end of a log, torn at every byte and in every way (catalogue 49). */
@Tag("pitfall-49")
class TornTailTest {

  private static final String SEGMENT = Rig.SEGMENTS + "0000000002.wal";

  /** What is found from the place where the log is torn. */
  enum Tear {
    ZEROS {
      @Override
      byte[] at(int cut, byte[] whole) {
        return Arrays.copyOf(Arrays.copyOf(whole, cut), whole.length);
      }
    },
    GARBAGE {
      @Override
      byte[] at(int cut, byte[] whole) {
        byte[] garbage = new byte[whole.length];
        new Random(cut).nextBytes(garbage);
        System.arraycopy(whole, 0, garbage, 0, cut);
        garbage[cut] = (byte) ~whole[cut];
        return garbage;
      }
    },
    END_OF_FILE {
      @Override
      byte[] at(int cut, byte[] whole) {
        return Arrays.copyOf(whole, cut);
      }
    },
    ONE_BYTE {
      @Override
      byte[] at(int cut, byte[] whole) {
        byte[] torn = whole.clone();
        torn[cut] = (byte) ~whole[cut];
        return torn;
      }
    },
    ONE_ZEROED_SECTOR {
      @Override
      byte[] at(int cut, byte[] whole) {
        byte[] torn = whole.clone();
        Arrays.fill(torn, cut, Math.min(torn.length, cut + 512), (byte) 0);
        return torn;
      }
    };

    abstract byte[] at(int cut, byte[] whole);
  }

  private Disk disk;
  private Rig rig;
  private byte[] whole;

  /**
   * Of the batches in the last segment: the content before each, where each ends, what it says is
   * forced.
   */
  private final List<Content> before = new ArrayList<>();

  private final List<Integer> ends = new ArrayList<>();
  private final List<Integer> claims = new ArrayList<>();
  private int begin;

  @BeforeEach
  void write() throws IOException {
    disk = new Disk();
    rig = Rig.open(disk);
    rig.append(3000);
    rig.force();
    rig.append(1500);
    rig.write(Batches.vote(3, "n2"));
    rig.force();
    rig.write(new WriteRecord.Truncate(2), Batches.append(Batches.command(2, 3, 40)));
    rig.append(200);
    rig.force();
    rig.append(20);
    rig.append(30);
    rig.append(600);
    SegmentScan scan = SegmentScan.of(disk.path(SEGMENT));
    begin = scan.end();
    for (SegmentScan.Batch batch = scan.next(); batch != null; batch = scan.next()) {
      ends.add(scan.end());
      claims.add(batch.header().forced());
    }
    int batches = ends.size();
    before.addAll(rig.contents.subList(rig.contents.size() - 1 - batches, rig.contents.size()));
    whole = disk.files().get(SEGMENT);
  }

  private Disk torn(Tear tear, int cut, boolean watermark) {
    Disk damaged = disk.copy();
    damaged.put(SEGMENT, tear.at(cut, whole));
    if (!watermark) {
      damaged.remove(Rig.WATERMARK);
    }
    return damaged;
  }

  /** How many batches are whole that lie before a place. */
  private int wholeBefore(int cut) {
    return (int) ends.stream().filter(end -> end <= cut).count();
  }

  @ParameterizedTest
  @EnumSource
  @Tag("pitfall-46")
  void aboveTheWatermarkIsCutAndBelowItIsRefused(Tear tear) throws IOException {
    int mark = ends.get(ends.size() - 4);
    for (int cut = 0; cut < ends.get(ends.size() - 1); cut++) {
      int damage = firstDifference(tear.at(cut, whole));
      Disk damaged = torn(tear, cut, true);
      if (damage < mark) {
        assertThatThrownBy(() -> Rig.open(damaged))
            .as("cut at %d", cut)
            .isInstanceOf(CorruptionException.class);
      } else {
        Rig reopened = Rig.open(damaged);
        assertThat(reopened.content())
            .as("cut at %d", cut)
            .isEqualTo(before.get(wholeBefore(damage)));
        checkGoesOn(damaged, reopened);
      }
    }
  }

  private int firstDifference(byte[] torn) {
    int at = Arrays.mismatch(torn, whole);
    return at < 0 ? whole.length : at;
  }

  @ParameterizedTest
  @EnumSource
  void withoutAWatermarkTheBatchesBehindSayWhatWasForced(Tear tear) throws IOException {
    for (int cut = begin; cut < ends.get(ends.size() - 1); cut++) {
      byte[] bytes = tear.at(cut, whole);
      int valid = wholeBefore(firstDifference(bytes));
      int end = valid == 0 ? begin : ends.get(valid - 1);
      int claim = begin;
      for (int batch = 0; batch < ends.size(); batch++) {
        int header = batch == 0 ? begin : ends.get(batch - 1);
        if (header + BatchHeader.BYTES <= bytes.length
            && Arrays.equals(
                bytes,
                header,
                header + BatchHeader.BYTES,
                whole,
                header,
                header + BatchHeader.BYTES)) {
          claim = Math.max(claim, claims.get(batch));
        }
      }
      Disk damaged = torn(tear, cut, false);
      if (claim > end) {
        assertThatThrownBy(() -> Rig.open(damaged))
            .as("cut at %d", cut)
            .isInstanceOf(CorruptionException.class);
      } else {
        assertThat(Rig.open(damaged).content()).as("cut at %d", cut).isEqualTo(before.get(valid));
      }
    }
  }

  private static void checkGoesOn(Disk disk, Rig rig) throws IOException {
    rig.append(10);
    rig.force();
    assertThat(Rig.open(disk.powerLost(1)).content()).isEqualTo(rig.content());
  }

  /** Bytes that look like a header which claims more than can lie before it prove nothing. */
  @Test
  void aHeaderThatClaimsMoreThanLiesBeforeItIsNotHeard() throws IOException {
    int end = ends.get(ends.size() - 1);
    byte[] forged = whole.clone();
    long salt = SegmentScan.of(disk.path(SEGMENT)).header().salt();
    ByteBuffer bytes = ByteBuffer.wrap(forged);
    new BatchHeader(end + 40, 10, end + 41, 1, 1).encode(salt, bytes, end + 40);
    Disk damaged = disk.copy();
    damaged.put(SEGMENT, forged);
    assertThat(Rig.open(damaged).content()).isEqualTo(rig.content());
  }

  @Test
  void aClaimThatIsNoBoundaryIsRefused() throws IOException {
    int end = ends.get(ends.size() - 1);
    byte[] forged = whole.clone();
    long salt = SegmentScan.of(disk.path(SEGMENT)).header().salt();
    ByteBuffer bytes = ByteBuffer.wrap(forged);
    new BatchHeader(end + 40, 10, end - 1, 1, 1).encode(salt, bytes, end + 40);
    Disk damaged = disk.copy();
    damaged.put(SEGMENT, forged);
    assertThatThrownBy(() -> Rig.open(damaged))
        .isInstanceOf(CorruptionException.class)
        .hasMessageContaining("offset " + (end - 1));
  }

  @Test
  void theCutIsSaid() throws IOException {
    int cut = ends.get(ends.size() - 2);
    Disk damaged = torn(Tear.ONE_BYTE, cut + 3, true);
    try (LogLines log = LogLines.listen()) {
      Rig.open(damaged);
      int written = ends.get(ends.size() - 1) - cut;
      assertThat(log.lines())
          .containsExactly(
              "WARNING "
                  + SEGMENT
                  + ": cut a torn write of "
                  + written
                  + " bytes behind offset "
                  + cut
                  + "; nothing readable says that it was forced");
    }
  }

  /**
   * r11 torn, r12 valid behind it; r11' is written and r12 must not be read again: neither behind
   * another r11' of the same length nor behind the very same one, which a leader sends again.
   */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aTailThatWasCutDoesNotComeBack(boolean same) throws IOException {
    int third = ends.size() - 3;
    Disk damaged = torn(Tear.ONE_BYTE, ends.get(third - 1) + BatchHeader.BYTES + 20, true);
    Rig reopened = Rig.open(damaged);
    assertThat(reopened.content()).isEqualTo(before.get(third));
    int index = (int) reopened.content().lastIndex() + 1;
    LogEntry torn = rig.content().entries().get(index - 1);
    LogEntry other = Batches.entry(LogEntry.Type.COMMAND, index, 1, 20, 99);
    assertThat(other.encodedLength()).isEqualTo(torn.encodedLength());
    reopened.write(Batches.append(same ? torn : other));
    reopened.force();
    assertThat(Rig.open(damaged.copy()).content()).isEqualTo(reopened.content());
    assertThat(Rig.open(damaged.powerLost(5)).content()).isEqualTo(reopened.content());
  }

  @Test
  void onlyWhatNothingProvesIsCarried() throws IOException {
    Disk damaged = disk.copy();
    damaged.remove(Rig.WATERMARK);
    Rig.open(damaged);
    int proven = claims.get(claims.size() - 1);
    SegmentHeader next = SegmentScan.of(damaged.path(Rig.SEGMENTS + "0000000003.wal")).header();
    assertThat(next.previousEnd()).isEqualTo(proven);
    assertThat(next.carried()).isEqualTo(ends.get(ends.size() - 1) - proven);
  }

  /** A clean close leaves a proof of its last batch that no loss of power takes. */
  @Test
  void afterACleanCloseTheLastBatchIsNeverTakenForTorn() throws IOException {
    rig.storage.close();
    for (int seed = 0; seed < 20; seed++) {
      Disk lost = disk.powerLost(seed);
      lost.put(SEGMENT, Tear.ONE_BYTE.at(ends.get(ends.size() - 1) - 1, whole));
      assertThatThrownBy(() -> Rig.open(lost)).isInstanceOf(CorruptionException.class);
    }
  }

  /** What was carried was forced before the segment had its name, so damage in it is not a tear. */
  @Test
  void damageInWhatWasCarriedIsRefused() throws IOException {
    Disk killed = disk.killed();
    Rig.open(killed);
    String carried = Rig.SEGMENTS + "0000000003.wal";
    SegmentHeader header = SegmentScan.of(killed.path(carried)).header();
    assertThat(header.carried()).isPositive();
    Disk damaged = killed.copy();
    damaged.remove(Rig.WATERMARK);
    int last = header.length() + header.carried() - 1;
    damaged.put(carried, Tear.ONE_BYTE.at(last, killed.files().get(carried)));
    assertThatThrownBy(() -> Rig.open(damaged)).isInstanceOf(CorruptionException.class);
  }

  /** A batch that is valid by itself, at its place, and does not follow the one before it. */
  @Test
  void aBatchOfAnotherHistoryIsNotReadBehindThisOne() throws IOException {
    byte[][] histories = new byte[2][];
    Content[] first = new Content[2];
    Disk[] disks = {new Disk(), new Disk()};
    int end = 0;
    for (int i = 0; i < 2; i++) {
      Rig history = Rig.open(disks[i]);
      history.write(Batches.append(Batches.command(1, 5 + i, 40)));
      first[i] = history.content();
      end = walked(disks[i], "0000000001.wal").end();
      history.write(Batches.append(Batches.command(2, 9, 40)));
      histories[i] = disks[i].files().get(Rig.SEGMENTS + "0000000001.wal");
    }
    byte[] mixed = histories[1].clone();
    System.arraycopy(histories[0], 0, mixed, 0, end);
    Disk spliced = disks[0].copy();
    spliced.put(Rig.SEGMENTS + "0000000001.wal", mixed);
    assertThat(Rig.open(spliced).content()).isEqualTo(first[0]);
  }

  private static SegmentScan walked(Disk disk, String segment) throws IOException {
    SegmentScan scan = SegmentScan.of(disk.path(Rig.SEGMENTS + segment));
    SegmentScan.Batch batch = scan.next();
    while (batch != null) {
      batch = scan.next();
    }
    return scan;
  }

  /**
   * A process died with a segment in the spare that has no name yet; another tail is carried now.
   */
  @Test
  void nothingOfAnUnfinishedSegmentLiesBehindTheNextOne() throws IOException {
    Disk killed = disk.killed();
    killed.fail(operation -> operation.startsWith("rename " + Rig.SEGMENTS + "spare"));
    assertThatThrownBy(() -> Rig.open(killed)).hasMessageContaining("Input/output error");
    Disk image = killed.copy();
    image.put(SEGMENT, Tear.ZEROS.at(ends.get(ends.size() - 2), whole));
    Rig reopened = Rig.open(image);
    assertThat(reopened.content()).isEqualTo(before.get(before.size() - 2));
    SegmentScan scan = walked(image, "0000000003.wal");
    assertThat(scan.writtenEnd()).isEqualTo(scan.end());
  }
}
