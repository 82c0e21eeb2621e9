package dev.quorate.raft.storage.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quorate.raft.api.storage.CorruptionException;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a newer version wrote is whole, and nobody is told to wipe it. */
class NewerFormatTest {

  private static final String SEGMENT = Rig.SEGMENTS + "0000000001.wal";
  private static final int RECORD = BatchHeader.BYTES;

  /** Changes a byte of the only batch, counted from its header, and makes all checksums right. */
  private static Disk with(int at, int value) throws IOException {
    Disk disk = new Disk();
    Rig rig = Rig.open(disk);
    rig.append(100);
    SegmentScan scan = SegmentScan.of(disk.path(SEGMENT));
    int begin = scan.end();
    BatchHeader header = scan.next().header();
    long salt = scan.header().salt();
    ByteBuffer bytes = ByteBuffer.wrap(disk.files().get(SEGMENT).clone());
    bytes.put(begin + at, (byte) value);
    int body = begin + BatchHeader.BYTES;
    int end = body + header.bodyLength();
    bytes.putInt(body, Checksum.of(salt, bytes, body + 4, end));
    new BatchHeader(
            begin,
            header.bodyLength(),
            header.forced(),
            header.previous(),
            Checksum.of(salt, bytes, body, end))
        .encode(salt, bytes, begin);
    Disk killed = disk.killed();
    killed.put(SEGMENT, bytes.array());
    return killed;
  }

  @ParameterizedTest
  @CsvSource({
    "4, 9, a record of the unknown type 9",
    "5, 1, a record whose reserved bytes are in use",
    "7, 1, a record whose reserved bytes are in use",
    "12, 2, an entry of the unknown format 2",
    "13, 77, type 77",
    "15, 1, an entry of the unknown format",
  })
  void isNoDamage(int at, int value, String said) throws IOException {
    Disk disk = with(RECORD + at, value);
    assertThatThrownBy(() -> Rig.open(disk))
        .isInstanceOf(IOException.class)
        .isNotInstanceOf(CorruptionException.class)
        .hasMessageContaining(SEGMENT)
        .hasMessageContaining(said)
        .hasMessageContaining("newer version")
        .hasMessageNotContaining("wipe");
  }

  @Test
  void theHelperOfThisTestChangesNothingElse() throws IOException {
    assertThat(Rig.open(with(RECORD + 4, 3)).content().lastIndex()).isEqualTo(1);
  }
}
