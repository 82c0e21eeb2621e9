package dev.quorate.raft.testkit.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quorate.raft.testkit.disk.DiskOperation.Kind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each fault strikes when it is told to, does what it says, is counted, and does nothing else. */
class FaultPlanTest {

  private SimulatedDisk disk;
  private FileChannel file;

  @BeforeEach
  void open() throws IOException {
    start(1);
  }

  private void start(long seed) throws IOException {
    disk = SimulatedDisk.create(seed);
    file = Io.durable(disk.path("/f"), Io.all('a', 4096));
  }

  private void strike(Kind kind, DiskFault fault) {
    disk.plan(operation -> operation.kind() == kind ? fault : DiskFault.NONE);
  }

  private void noFaults() {
    disk.plan(operation -> DiskFault.NONE);
  }

  private long struck(DiskFault fault) {
    return disk.struck().getOrDefault(fault, 0L);
  }

  /** Calls something that asks for an operation of this kind. */
  private void call(Kind kind) throws IOException {
    Path path = disk.path("/f");
    switch (kind) {
      case OPEN -> Io.open(path).close();
      case CREATE -> Files.createDirectory(disk.path("/d"));
      case READ -> Io.read(file, 0, 10);
      case WRITE -> Io.write(file, 0, Io.all('b', 4096));
      case TRUNCATE -> file.truncate(5);
      case FORCE -> file.force(true);
      case RENAME -> Files.move(path, disk.path("/g"));
      case DELETE -> Files.delete(path);
      case LIST -> Files.list(disk.root()).close();
      case ATTRIBUTES -> Files.size(path);
      case SPACE -> Files.getFileStore(path);
      case LOCK -> file.tryLock();
    }
  }

  @ParameterizedTest
  @EnumSource
  void anIoErrorStrikesAnyOperation(Kind kind) throws IOException {
    strike(kind, DiskFault.IO_ERROR);
    assertThatThrownBy(() -> call(kind))
        .isInstanceOf(IOException.class)
        .hasMessage("Input/output error");
    assertThat(disk.struck()).containsOnlyKeys(DiskFault.IO_ERROR);
    assertThat(disk.files()).containsOnlyKeys("/f").containsValue(4096L);
    noFaults();
    call(kind);
  }

  @ParameterizedTest
  @EnumSource
  void aCrashStrikesAnyOperationAndTheProcessIsDead(Kind kind) throws IOException {
    strike(kind, DiskFault.CRASH);
    Path root = disk.root();
    assertThatThrownBy(() -> call(kind)).isInstanceOf(SimulatedCrash.class);
    assertThat(disk.crashed()).isTrue();
    noFaults();
    for (Kind after : Kind.values()) {
      assertThatThrownBy(() -> call(after)).as("%s", after).isInstanceOf(SimulatedCrash.class);
    }
    assertThatThrownBy(() -> Files.createDirectory(root.resolve("d")))
        .isInstanceOf(SimulatedCrash.class);
    file.close();
    disk.kill();
    assertThat(disk.crashed()).isFalse();
    assertThat(disk.struck()).containsOnlyKeys(DiskFault.CRASH);
    // The next process works, and the dead one still does not.
    Files.exists(disk.path("/f"));
    assertThatThrownBy(() -> Files.exists(root)).isInstanceOf(SimulatedCrash.class);
  }

  /** What a crash in the middle leaves is half done: sometimes nothing, sometimes all. */
  @Test
  void aCrashLeavesHalf() throws IOException {
    boolean[] cut = new boolean[2];
    boolean[] renamed = new boolean[2];
    boolean[] partOfWrite = new boolean[2];
    boolean[] partOfForce = new boolean[2];
    for (int seed = 0; seed < 100; seed++) {
      crash(seed, Kind.TRUNCATE);
      cut[disk.files().get("/f") == 5 ? 1 : 0] = true;
      crash(seed, Kind.RENAME);
      renamed[disk.files().containsKey("/g") ? 1 : 0] = true;
      crash(seed, Kind.WRITE);
      byte[] written = disk.content("/f");
      partOfWrite[0] |= written[0] == 'b' && written[4095] == 'a';
      start(seed);
      call(Kind.WRITE);
      strike(Kind.FORCE, DiskFault.CRASH);
      assertThatThrownBy(() -> call(Kind.FORCE)).isInstanceOf(SimulatedCrash.class);
      disk.losePower();
      byte[] forced = disk.content("/f");
      partOfForce[forced[0] == 'b' ? 1 : 0] = true;
    }
    assertThat(cut).containsOnly(true);
    assertThat(renamed).containsOnly(true);
    assertThat(partOfWrite[0]).isTrue();
    assertThat(partOfForce).containsOnly(true);
  }

  private void crash(long seed, Kind kind) throws IOException {
    start(seed);
    strike(kind, DiskFault.CRASH);
    assertThatThrownBy(() -> call(kind)).isInstanceOf(SimulatedCrash.class);
  }

  @Test
  void aCrashAtANumberCountsOnlyWhatChangesTheDisk() throws IOException {
    long before = disk.operations();
    disk.crashAt(2);
    call(Kind.READ);
    call(Kind.WRITE);
    call(Kind.ATTRIBUTES);
    call(Kind.FORCE);
    assertThat(disk.operations()).isEqualTo(before + 2);
    assertThatThrownBy(() -> call(Kind.TRUNCATE)).isInstanceOf(SimulatedCrash.class);
    assertThat(disk.operations()).isEqualTo(before + 3);
  }

  @Test
  void aCrashAtANumberConcernsOneProcess() throws IOException {
    disk.crashAt(0);
    disk.kill();
    Files.createDirectory(disk.path("/d"));
    assertThat(disk.struck()).isEmpty();
  }

  /** The behaviour found by Rebello et al.: it looks written, is clean, and is not on the disk. */
  @Test
  void whatAFailedForceLostIsSeenIsCleanAndIsGoneWithThePower() throws IOException {
    call(Kind.WRITE);
    file.write(ByteBuffer.wrap(new byte[10]), 5000);
    strike(Kind.FORCE, DiskFault.IO_ERROR);
    assertThatThrownBy(() -> call(Kind.FORCE)).hasMessage("Input/output error");
    noFaults();
    call(Kind.FORCE);
    assertThat(disk.content("/f")).hasSize(5010).startsWith('b');
    Io.write(file, 0, new byte[] {'c'}); // The sector as a whole is written again.
    call(Kind.FORCE);
    assertThat(disk.losePower()).isEqualTo(PowerLoss.NONE);
    byte[] left = disk.content("/f");
    assertThat(left).hasSize(4096).startsWith('c', 'b');
    assertThat(left[511]).isEqualTo((byte) 'b');
    assertThat(left[512]).isEqualTo((byte) 'a');
  }

  @Test
  void namesWhoseForceFailedAreSeenAndGoneWithThePower() throws IOException {
    Files.createDirectory(disk.path("/d"));
    strike(Kind.FORCE, DiskFault.IO_ERROR);
    assertThatThrownBy(() -> Io.forceDirectory(disk.root())).isInstanceOf(IOException.class);
    noFaults();
    Io.forceDirectory(disk.root());
    assertThat(disk.path("/d")).isDirectory();
    disk.losePower();
    assertThat(disk.path("/d")).doesNotExist();
  }

  /** A file that was renamed in vain is not under two names after it was renamed again. */
  @Test
  void aFileIsNeverUnderTwoNames() throws IOException {
    call(Kind.RENAME);
    strike(Kind.FORCE, DiskFault.IO_ERROR);
    assertThatThrownBy(() -> Io.forceDirectory(disk.root())).isInstanceOf(IOException.class);
    noFaults();
    Files.move(disk.path("/g"), disk.path("/h"));
    Io.forceDirectory(disk.root());
    disk.losePower();
    assertThat(disk.files()).containsOnlyKeys("/h");
  }

  @Test
  void aLyingForceIsFoundOutByALossOfPower() throws IOException {
    int lost = 0;
    for (int seed = 0; seed < 100; seed++) {
      start(seed);
      call(Kind.WRITE);
      strike(Kind.FORCE, DiskFault.LYING_FORCE);
      call(Kind.FORCE);
      assertThat(struck(DiskFault.LYING_FORCE)).isEqualTo(1);
      lost += disk.losePower().sectorsLost() > 0 ? 1 : 0;
    }
    assertThat(lost).isBetween(1, 99);
    start(0);
    call(Kind.WRITE);
    strike(Kind.FORCE, DiskFault.LYING_FORCE);
    call(Kind.FORCE);
    noFaults();
    call(Kind.FORCE);
    strike(Kind.FORCE, DiskFault.LYING_FORCE);
    call(Kind.FORCE); // Of nothing.
    assertThat(struck(DiskFault.LYING_FORCE)).isEqualTo(1);
    assertThat(disk.losePower()).isEqualTo(PowerLoss.NONE);
  }

  private int sectorsThatDiffer(byte[] found, int expected) {
    int differing = 0;
    for (int at = 0; at < found.length; at += 512) {
      differing += found[at] == expected ? 0 : 1;
    }
    return differing;
  }

  @Test
  void aLostWriteLeavesOneOldSector() throws IOException {
    call(Kind.WRITE);
    strike(Kind.FORCE, DiskFault.LOST_WRITE);
    call(Kind.FORCE);
    call(Kind.FORCE); // Of nothing: no more is lost.
    assertThat(struck(DiskFault.LOST_WRITE)).isEqualTo(1);
    assertThat(sectorsThatDiffer(disk.content("/f"), 'b')).isZero();
    assertThat(disk.losePower()).isEqualTo(PowerLoss.NONE);
    assertThat(sectorsThatDiffer(disk.content("/f"), 'b')).isEqualTo(1);
  }

  @Test
  void aMisdirectedWriteDamagesAnotherPlaceToo() throws IOException {
    int inAnotherFile = 0;
    for (int seed = 0; seed < 50; seed++) {
      start(seed);
      Io.durable(disk.path("/other"), Io.all('o', 4096)).close();
      call(Kind.WRITE);
      strike(Kind.FORCE, DiskFault.MISDIRECTED_WRITE);
      call(Kind.FORCE);
      assertThat(struck(DiskFault.MISDIRECTED_WRITE)).isEqualTo(1);
      disk.losePower();
      assertThat(sectorsThatDiffer(disk.content("/f"), 'b')).isEqualTo(1);
      inAnotherFile += sectorsThatDiffer(disk.content("/other"), 'o');
    }
    assertThat(inAnotherFile).isBetween(5, 45);
  }

  @Test
  void aBitFlipIsReadAndStays() throws IOException {
    strike(Kind.READ, DiskFault.BIT_FLIP);
    byte[] read = Io.read(file, 100, 50);
    assertThat(struck(DiskFault.BIT_FLIP)).isEqualTo(1);
    noFaults();
    assertThat(Io.read(file, 100, 50)).isEqualTo(read).isNotEqualTo(Io.all('a', 50));
    disk.losePower();
    byte[] content = disk.content("/f");
    int bits = 0;
    for (byte one : content) {
      bits += Integer.bitCount((one ^ 'a') & 0xff);
    }
    assertThat(bits).isEqualTo(1);
  }

  @Test
  void aFlippedBitIsWhereItWasAskedFor() throws IOException {
    assertThat(disk.flipBit("/f", 1000, 3)).isTrue();
    assertThat(disk.content("/f")[1000]).isEqualTo((byte) ('a' ^ 8));
    Io.write(file, 0, new byte[] {1});
    assertThat(disk.flipBit("/f", 5, 0)).as("waits to be written").isFalse();
    assertThat(struck(DiskFault.BIT_FLIP)).isEqualTo(1);
    assertThatThrownBy(() -> disk.flipBit("/f", 4096, 0))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> disk.flipBit("/g", 0, 0)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void anUnreadableSectorIsHealedByWritingAllOfIt() throws IOException {
    assertThat(disk.makeUnreadable("/f", 1000)).isTrue();
    assertThat(Io.read(file, 0, 512)).containsOnly('a');
    assertThat(Io.read(file, 1024, 512)).containsOnly('a');
    for (int at : new int[] {512, 1023, 0}) {
      assertThatThrownBy(() -> Io.read(file, at, 600)).hasMessage("Input/output error");
    }
    assertThatThrownBy(() -> Io.write(file, 600, new byte[10])).hasMessage("Input/output error");
    disk.kill();
    file = Io.open(disk.path("/f"));
    assertThatThrownBy(() -> Io.read(file, 600, 1)).hasMessage("Input/output error");
    Io.write(file, 512, new byte[512]);
    assertThat(Io.read(file, 600, 1)).containsExactly(0);
    call(Kind.FORCE);
    disk.losePower();
    assertThat(Files.readAllBytes(disk.path("/f"))).hasSize(4096);
  }

  @Test
  void aSectorBecomesUnreadableAsItIsRead() {
    strike(Kind.READ, DiskFault.UNREADABLE_SECTOR);
    assertThatThrownBy(() -> Io.read(file, 0, 4096)).hasMessage("Input/output error");
    assertThat(disk.struck()).containsOnlyKeys(DiskFault.UNREADABLE_SECTOR);
  }

  @Test
  void aFullDiskTakesWhatFits() throws IOException {
    disk.freeSpace(2 * 4096 + 100);
    assertThat(disk.freeSpace()).isEqualTo(2 * 4096);
    assertThat(disk.root().getFileSystem().getFileStores().iterator().next().getUsableSpace())
        .isEqualTo(2 * 4096);
    assertThat(file.write(ByteBuffer.wrap(new byte[3 * 4096]), 4096)).isEqualTo(2 * 4096);
    assertThat(file.size()).isEqualTo(3 * 4096);
    assertThatThrownBy(() -> Io.write(file, file.size(), new byte[1]))
        .isInstanceOf(IOException.class)
        .hasMessage("No space left on device");
    assertThat(struck(DiskFault.NO_SPACE)).isEqualTo(2);
    call(Kind.WRITE); // Where pages are already.
    file.truncate(4096);
    assertThat(disk.freeSpace()).isEqualTo(2 * 4096);
    Io.write(file, file.size(), new byte[1]);
  }

  /** A hole takes its room when it is written to: length is no promise (P5). */
  @Test
  void aHoleHasNoRoomYet() throws IOException {
    disk.freeSpace(4096);
    Io.write(file, 100 * 4096, new byte[1]);
    assertThatThrownBy(() -> Io.write(file, 50 * 4096, new byte[1]))
        .hasMessage("No space left on device");
  }

  @Test
  void aDeletedFileGivesItsRoomBackWhenItIsClosed() throws IOException {
    disk.freeSpace(0);
    call(Kind.DELETE);
    assertThat(disk.freeSpace()).isZero();
    assertThat(Io.read(file, 0, 1)).containsExactly('a');
    file.close();
    assertThat(disk.freeSpace()).isEqualTo(4096);
  }

  @Test
  void theRoomOfAFileThatADeadProcessHadDeletedIsFree() throws IOException {
    disk.freeSpace(0);
    call(Kind.DELETE);
    disk.kill();
    assertThat(disk.freeSpace()).isEqualTo(4096);
  }

  @Test
  void noSpaceByPlanStrikesWhatNeedsRoom() throws IOException {
    for (Kind kind : Kind.values()) {
      start(1);
      strike(kind, DiskFault.NO_SPACE);
      if (kind == Kind.WRITE || kind == Kind.CREATE || kind == Kind.RENAME) {
        assertThatThrownBy(() -> call(kind)).hasMessage("No space left on device");
      } else {
        call(kind);
        assertThat(disk.struck()).isEmpty();
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void aReadOnlyDiskRefusesWhatWouldChangeIt(Kind kind) throws IOException {
    Io.write(file, 0, Io.all('b', 10));
    disk.readOnly(true);
    if (DiskOperation.of(kind, "/f").changes()) {
      assertThatThrownBy(() -> call(kind))
          .isInstanceOf(FileSystemException.class)
          .hasMessageContaining("Read-only file system");
      assertThat(struck(DiskFault.READ_ONLY)).isEqualTo(1);
    } else {
      call(kind);
      assertThat(disk.struck()).isEmpty();
    }
    disk.readOnly(false);
    call(Kind.FORCE);
    assertThat(disk.losePower()).isEqualTo(PowerLoss.NONE);
    assertThat(disk.content("/f")).startsWith('b');
  }

  @Test
  void aDiskBecomesReadOnlyByPlan() throws IOException {
    disk.plan(operation -> DiskFault.READ_ONLY);
    call(Kind.READ);
    assertThatThrownBy(() -> call(Kind.WRITE)).hasMessageContaining("Read-only file system");
    noFaults();
    assertThatThrownBy(() -> call(Kind.FORCE)).hasMessageContaining("Read-only file system");
  }

  @Test
  void accessIsDeniedToNamesAndNotToOpenFiles() throws IOException {
    disk.plan(
        operation -> operation.path().equals("/f") ? DiskFault.ACCESS_DENIED : DiskFault.NONE);
    for (Kind kind : List.of(Kind.OPEN, Kind.RENAME, Kind.DELETE, Kind.ATTRIBUTES)) {
      assertThatThrownBy(() -> call(kind)).isInstanceOf(AccessDeniedException.class);
    }
    call(Kind.READ);
    call(Kind.FORCE);
    call(Kind.LIST);
    assertThat(struck(DiskFault.ACCESS_DENIED)).isEqualTo(4);
  }

  @Test
  void stallsAddUpAndAreTaken() throws IOException {
    strike(Kind.FORCE, DiskFault.STALL);
    call(Kind.READ);
    assertThat(disk.takeStall()).isZero();
    List<Duration> stalls = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      call(Kind.FORCE);
      stalls.add(disk.takeStall());
    }
    assertThat(disk.takeStall()).isZero();
    assertThat(stalls)
        .allMatch(stall -> stall.toMillis() >= 100 && stall.toSeconds() <= 60)
        .anyMatch(stall -> stall.toMillis() < 1000)
        .anyMatch(stall -> stall.toSeconds() > 10);
    assertThat(struck(DiskFault.STALL)).isEqualTo(300);
  }

  /** What a plan throws comes out of the call, which is not done. */
  @Test
  void aPlanMayThrow() {
    disk.plan(
        operation -> {
          throw new IllegalStateException(operation.toString());
        });
    assertThatThrownBy(() -> call(Kind.DELETE)).hasMessage("delete /f");
    assertThatThrownBy(() -> call(Kind.RENAME)).hasMessage("rename /f /g");
    assertThatThrownBy(() -> call(Kind.WRITE)).hasMessage("write /f 0+4096");
    assertThatThrownBy(() -> call(Kind.TRUNCATE)).hasMessage("truncate /f 5");
    assertThat(disk.files()).containsOnlyKeys("/f");
  }
}
