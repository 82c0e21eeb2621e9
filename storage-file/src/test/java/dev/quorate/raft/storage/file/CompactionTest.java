package dev.quorate.raft.storage.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quorate.raft.api.storage.CorruptionException;
import dev.quorate.raft.api.storage.HardState;
import dev.quorate.raft.api.storage.LogEntry;
import dev.quorate.raft.api.storage.NoSpaceException;
import dev.quorate.raft.api.storage.WriteRecord;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a compaction and an install leave of a log (P6). */
class CompactionTest {

  private Disk disk;
  private Rig rig;

  /** Eleven entries in four segments, of which the last has one, and hard state in the first. */
  @BeforeEach
  void fill() throws IOException {
    disk = new Disk();
    rig = Rig.open(disk);
    rig.write(Batches.vote(1, "n2"));
    rig.write(Batches.append(Batches.entry(LogEntry.Type.CONFIGURATION, 1, 1, 30, 5)));
    for (int i = 1; i < 11; i++) {
      rig.append(1150);
    }
    rig.force();
    assertThat(segments()).containsExactly(1, 2, 3, 4);
  }

  private List<Integer> segments() throws IOException {
    return new GroupFiles(disk.path("/d"), Rig.GROUP).segments();
  }

  private long base(int segment) throws IOException {
    return SegmentHeader.read(disk.path(Rig.SEGMENTS + "000000000" + segment + ".wal")).baseIndex();
  }

  private void compact(long through) throws IOException {
    rig.write(Batches.compact(through, rig.content().term(through)));
  }

  /** Forces as often as it takes until all that can be deleted is. */
  private void forceOften() throws IOException {
    for (int i = 0; i < 10; i++) {
      rig.force();
    }
  }

  @Test
  void wholeSegmentsAreDeletedOldestFirst() throws IOException {
    compact(base(3));
    forceOften();
    assertThat(segments()).containsExactly(3, 4);
    assertThat(disk.operations().stream().filter(operation -> operation.startsWith("delete ")))
        .containsExactly(
            "delete " + Rig.SEGMENTS + "0000000001.wal",
            "delete " + Rig.SEGMENTS + "0000000002.wal");
    rig.check();
    assertThat(rig.log.read(base(3), base(3) + 1, 1)).isEmpty();
    assertThat(rig.log.read(base(3) + 1, base(3) + 2, 1)).hasSize(1);
    assertThat(disk.openChannels()).isEqualTo(3); // The lock, the segment and the watermark.
  }

  @Test
  void aSegmentThatIsNeededInPartStays() throws IOException {
    compact(base(3) - 1);
    forceOften();
    assertThat(segments()).containsExactly(2, 3, 4);
    rig.check();
  }

  @Test
  void nothingIsDeletedBeforeTheRecordIsDurable() throws IOException {
    compact(base(4));
    rig.append(1);
    assertThat(segments()).containsExactly(1, 2, 3, 4);
    for (int seed = 0; seed < 20; seed++) {
      rig.reopen(disk.powerLost(seed), rig.forced);
    }
    disk.fail(operation -> operation.startsWith("force ") && operation.endsWith(".wal"));
    assertThatThrownBy(() -> rig.storage.force()).hasMessageContaining("Input/output error");
    assertThat(segments()).containsExactly(1, 2, 3, 4);
  }

  @Test
  void aFewAtATime() throws IOException {
    compact(base(4));
    rig.force();
    assertThat(segments()).containsExactly(3, 4);
    rig.write(Batches.vote(7, "n3"));
    assertThat(segments()).containsExactly(4);
  }

  @Test
  void hardStateAndConfigurationOutliveTheirSegment() throws IOException {
    compact(base(4));
    forceOften();
    Rig again = rig.reopen(disk.killed(), rig.forced);
    assertThat(again.log.recovered().hardState()).isEqualTo(rig.content().hardState());
    assertThat(again.log.recovered().hardState()).isNotEqualTo(HardState.INITIAL);
    assertThat(again.log.recovered().baseIndex()).isEqualTo(10);
    assertThat(again.log.recovered().baseTerm()).isEqualTo(1);
    assertThat(again.log.recovered().configurations()).isEmpty();
    again.append(3000);
    again.append(1000);
    GroupFiles files = new GroupFiles(disk.path("/d"), Rig.GROUP);
    assertThat(SegmentHeader.read(files.segment(5)).configuration())
        .contains(rig.contents.get(2).entries().get(0));
  }

  /**
   * A segment is no beginning if the log was cut to before its base: nobody would know the term
   * there.
   */
  @Test
  void whatALaterTruncationNeedsIsKept() throws IOException {
    long cut = base(4) - 1;
    rig.write(new WriteRecord.Truncate(cut));
    rig.write(Batches.append(Batches.command(cut, 5, 10), Batches.command(cut + 1, 5, 10)));
    compact(cut + 1);
    forceOften();
    assertThat(segments()).containsExactly(3, 4);
    rig.reopen(disk.killed(), rig.contents.size() - 1).check();
  }

  /** Nor is it when the deletion of those before it was under way. */
  @Test
  void aRecoveryPassesOverASegmentThatIsNoBeginning() throws IOException {
    long cut = base(4) - 1;
    rig.write(new WriteRecord.Truncate(cut));
    rig.write(Batches.append(Batches.command(cut, 5, 2000), Batches.command(cut + 1, 5, 2000)));
    compact(cut + 1);
    rig.force();
    Disk killed = disk.killed();
    assertThat(segments()).contains(4, 5);
    for (int segment = 1; segment <= 3; segment++) {
      killed.remove(Rig.SEGMENTS + "000000000" + segment + ".wal");
    }
    rig.reopen(killed, rig.contents.size() - 1).check();
  }

  /** Deletions are not forced, so a loss of power may bring any of them back. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void aSegmentThatCameBackIsNotMissedAndIsDeletedAgain(int back) throws IOException {
    String name = Rig.SEGMENTS + "000000000" + back + ".wal";
    byte[] bytes = disk.files().get(name);
    compact(base(4));
    forceOften();
    assertThat(segments()).containsExactly(4);
    disk = disk.killed();
    disk.put(name, bytes);
    rig = rig.reopen(disk, rig.forced);
    rig.check();
    forceOften();
    assertThat(segments()).containsExactly(4);
  }

  @Test
  void aSegmentThatNothingMadeSuperfluousIsMissed() throws IOException {
    compact(base(3));
    forceOften();
    rig.storage.close();
    disk.remove(Rig.SEGMENTS + "0000000003.wal");
    assertThatThrownBy(() -> Rig.open(disk))
        .isInstanceOf(CorruptionException.class)
        .hasMessageContaining("0000000003.wal")
        .hasMessageContaining("missing");
  }

  @Test
  void aSegmentThatCannotBeDeletedHarmsNothing() throws IOException {
    disk.fail(operation -> operation.equals("delete " + Rig.SEGMENTS + "0000000002.wal"));
    compact(base(4));
    try (LogLines lines = LogLines.listen()) {
      forceOften();
      assertThat(lines.lines()).singleElement().asString().contains("cannot be deleted");
    }
    assertThat(segments()).containsExactly(2, 4);
    rig.append(1);
    rig.force();
    disk = disk.killed();
    rig = rig.reopen(disk, rig.contents.size() - 1);
    forceOften();
    assertThat(segments()).containsExactly(4);
  }

  @Test
  void aCompactionOfWhatIsGoneChangesNothing() throws IOException {
    compact(base(4));
    rig.write(Batches.compact(2, 77));
    rig.check();
    rig.force();
    rig.reopen(disk.killed(), rig.contents.size() - 1);
  }

  /** A quiet group's log is in one segment for long. */
  @Test
  void aSegmentThatAloneHoldsAllIsLeftWhenItIsHalfFull() throws IOException {
    compact(10);
    forceOften();
    assertThat(segments()).containsExactly(4);
    rig.append(1150);
    compact(11);
    forceOften();
    assertThat(segments()).containsExactly(4, 5);
    assertThat(base(5)).isEqualTo(12);
    compact(12);
    forceOften();
    assertThat(segments()).containsExactly(5);
    rig.append(2500);
    compact(13); // At once, because nothing behind it is needed.
    forceOften();
    assertThat(segments()).containsExactly(6);
    rig.reopen(disk.killed(), rig.contents.size() - 1);
  }

  @Test
  void withoutASpareItIsNotLeft() throws IOException {
    compact(10);
    rig.append(1150);
    forceOften();
    disk.free(0);
    rig.append(1150); // Takes the spare.
    rig.append(1150);
    rig.force();
    assertThat(rig.storage.hasSpace()).isFalse();
    int before = segments().size();
    compact(11);
    assertThat(segments()).hasSize(before);
    rig.force();
    rig.reopen(disk.killed(), rig.contents.size() - 1);
  }

  @Test
  void aFullDiskHasRoomAgainAfterACompaction() throws IOException {
    disk.free(0);
    assertThatThrownBy(
            () -> {
              while (true) {
                rig.log.write(
                    Batches.batch(
                        rig.contents.size(),
                        Batches.append(Batches.command(rig.content().lastIndex() + 1, 1, 900))));
                rig.contents.add(
                    rig.content()
                        .after(
                            Batches.batch(
                                1,
                                Batches.append(
                                    Batches.command(rig.content().lastIndex() + 1, 1, 900)))));
              }
            })
        .isInstanceOf(NoSpaceException.class);
    assertThat(rig.storage.hasSpace()).isFalse();
    compact(9);
    forceOften();
    for (int asked = 0; asked < 20 && !rig.storage.hasSpace(); asked++) {
      assertThat(asked).isLessThan(19);
    }
    rig.append(900);
    rig.check();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6})
  void whatIsNotLegalIsRefusedBeforeItIsWritten(int which) throws IOException {
    compact(5);
    WriteRecord illegal =
        List.of(
                Batches.compact(12, 1),
                Batches.compact(9, 2),
                new WriteRecord.Truncate(5),
                Batches.install(4, 9),
                Batches.install(4, 1),
                Batches.append(Batches.command(13, 1, 1)),
                Batches.append(Batches.command(5, 1, 1)))
            .get(which);
    if (which == 4) {
      // This one is legal: the log has what the snapshot has.
      rig.write(illegal);
    } else {
      int operations = disk.operations().size();
      assertThatThrownBy(() -> rig.log.write(Batches.batch(rig.contents.size(), illegal)))
          .isInstanceOf(IllegalArgumentException.class);
      assertThat(disk.operations()).hasSize(operations);
    }
    rig.append(1);
    rig.force();
    rig.reopen(disk.killed(), rig.contents.size() - 1);
  }

  @Test
  void anInstallDropsALogThatEndsBefore() throws IOException {
    rig.write(Batches.install(50, 3));
    assertThat(rig.content().lastIndex()).isEqualTo(50);
    for (int index = 1; index <= 50; index++) {
      assertThat(rig.log.read(index, index + 1, 1)).isEmpty();
    }
    rig.write(Batches.append(Batches.command(51, 4, 100)));
    forceOften();
    assertThat(segments()).containsExactly(4);
    rig.check();
    Rig again = rig.reopen(disk.killed(), rig.contents.size() - 1);
    assertThat(again.log.recovered().baseIndex()).isEqualTo(50);
    assertThat(again.log.recovered().baseTerm()).isEqualTo(3);
    assertThat(again.log.recovered().hardState()).isEqualTo(rig.content().hardState());
    again.check();
  }

  @Test
  void anInstallDropsALogOfAnotherTerm() throws IOException {
    rig.write(Batches.install(6, 3));
    assertThat(rig.content().lastIndex()).isEqualTo(6);
    rig.write(Batches.append(Batches.command(7, 4, 100), Batches.command(8, 4, 100)));
    rig.write(new WriteRecord.Truncate(7));
    rig.write(Batches.append(Batches.command(7, 5, 100)));
    forceOften();
    rig.check();
    Rig again = rig.reopen(disk.killed(), rig.contents.size() - 1);
    assertThat(again.log.recovered().baseIndex()).isEqualTo(6);
    again.check();
  }

  @Test
  void anInstallKeepsWhatFollowsIt() throws IOException {
    rig.write(Batches.install(base(3), 1));
    forceOften();
    assertThat(segments()).containsExactly(3, 4);
    assertThat(rig.content().lastIndex()).isEqualTo(11);
    rig.check();
    rig.reopen(disk.killed(), rig.contents.size() - 1).check();
  }

  /** What a restart on any disk may find: all of the old log, or nothing of it. */
  @Test
  void anInstallIsThereOrNot() throws IOException {
    rig.write(
        Batches.install(6, 3), Batches.vote(8, "n4"), Batches.append(Batches.command(7, 8, 700)));
    int before = 0;
    for (int seed = 0; seed < 40; seed++) {
      Rig found = rig.reopen(disk.powerLost(seed), rig.forced);
      before += found.content().lastIndex() == 11 ? 1 : 0;
    }
    assertThat(before).isBetween(1, 39);
    rig.reopen(disk.killed(), rig.contents.size() - 1);
  }

  @Test
  void manyInstallsWithOneSegment() throws IOException {
    for (int index = 20; index < 200; index += 10) {
      rig.write(Batches.install(index, index));
      rig.write(Batches.append(Batches.command(index + 1, index, 200)));
      rig.force();
      rig = rig.reopen(disk = disk.killed(), rig.contents.size() - 1);
      rig.check();
    }
    forceOften();
    assertThat(segments()).hasSize(1);
  }
}
