package dev.quorate.raft.testkit.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.Channels;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class SimulatedDiskTest {

  /** Everything that a run shows, as one text. */
  private static String run(long seed) throws IOException {
    SimulatedDisk disk = SimulatedDisk.create(seed);
    Random faults = new Random(5);
    StringBuilder trace = new StringBuilder();
    disk.plan(
        operation -> {
          trace.append(operation).append('\n');
          return faults.nextInt(20) == 0
              ? DiskFault.values()[faults.nextInt(DiskFault.values().length)]
              : DiskFault.NONE;
        });
    for (int process = 0; process < 30; process++) {
      try (RandomCalls calls = new RandomCalls(disk.root(), new Random(process))) {
        for (int step = 0; step < 60; step++) {
          trace.append(calls.step()).append('\n');
        }
        trace.append(disk.takeStall()).append(disk.struck());
      } catch (SimulatedCrash e) {
        trace.append(e.getMessage());
      }
      if (process % 3 == 0) {
        disk.kill();
      } else {
        trace.append(disk.losePower());
      }
      disk.readOnly(false);
      for (String file : disk.files().keySet()) {
        trace.append(file).append(Arrays.hashCode(disk.content(file)));
      }
    }
    return trace.toString();
  }

  @Test
  void oneSeedIsOneRun() throws IOException {
    String first = run(1);
    assertThat(run(1)).isEqualTo(first).isNotEqualTo(run(2));
    assertThat(first.length()).isGreaterThan(30_000);
  }

  @Test
  void aCopyAndItsOriginalGoTheirOwnWays() throws IOException {
    SimulatedDisk disk = SimulatedDisk.create(1);
    FileChannel file = Io.durable(disk.path("/f"), Io.all('a', 10_000));
    Io.write(file, 0, Io.all('b', 5000));
    Files.createDirectory(disk.path("/d"));
    SimulatedDisk copy = disk.copy(2);
    assertThat(copy.content("/f")).isEqualTo(disk.content("/f"));

    Io.write(file, 0, Io.all('c', 10_000));
    assertThat(copy.content("/f")).startsWith('b').endsWith('a');
    try (FileChannel other = Io.open(copy.path("/f"))) {
      Io.write(other, 0, Io.all('d', 10_000));
      other.force(true);
      other.truncate(1);
    }
    Files.delete(copy.path("/d"));
    assertThat(disk.content("/f")).containsOnly('c').hasSize(10_000);
    assertThat(disk.path("/d")).exists();
    copy.kill();
    file.force(true);
  }

  /** A copy has what was unforced as unforced: from one beginning there are many ends. */
  @Test
  void copiesOfOneBeginningEndDifferently() throws IOException {
    SimulatedDisk disk = SimulatedDisk.create(1);
    FileChannel file = Io.durable(disk.path("/f"), Io.all('a', 512));
    Io.write(file, 0, Io.all('b', 512));
    TreeSet<Byte> ends = new TreeSet<>();
    for (int seed = 0; seed < 20; seed++) {
      SimulatedDisk copy = disk.copy(seed);
      copy.losePower();
      ends.add(copy.content("/f")[0]);
    }
    assertThat(ends).containsExactly((byte) 'a', (byte) 'b');
    assertThat(disk.content("/f")).containsOnly('b');
  }

  @Test
  void aKillFreesLocksAndChannels() throws IOException {
    SimulatedDisk disk = SimulatedDisk.create(1);
    FileChannel first = Io.open(disk.path("/lock"));
    first.lock();
    FileChannel second = Io.open(disk.path("/lock"));
    assertThatThrownBy(second::tryLock).isInstanceOf(OverlappingFileLockException.class);
    assertThat(disk.openChannels()).isEqualTo(2);
    disk.kill();
    assertThat(disk.openChannels()).isZero();
    FileChannel next = Io.open(disk.path("/lock"));
    next.lock();
    first.close();
    assertThatThrownBy(next::tryLock)
        .as("the lock of the living is not dropped by the dead")
        .isInstanceOf(OverlappingFileLockException.class);
    assertThat(disk.openChannels()).isEqualTo(1);
  }

  @Test
  void theDiskInHands() throws IOException {
    SimulatedDisk disk = SimulatedDisk.create(1);
    disk.plan(operation -> DiskFault.IO_ERROR);
    disk.put("/a/b/f", new byte[] {1, 2});
    disk.put("/a/b/f", new byte[] {3});
    disk.put("/a/g", new byte[0]);
    assertThat(disk.losePower()).isEqualTo(PowerLoss.NONE);
    assertThat(disk.files()).containsOnlyKeys("/a/b/f", "/a/g");
    assertThat(disk.content("/a/b/f")).containsExactly(3);
    disk.remove("/a/b");
    disk.remove("/nothing/here");
    assertThat(disk.files()).containsOnlyKeys("/a/g");
    assertThat(disk.operations()).isZero();
    assertThat(disk.struck()).isEmpty();
  }

  /** What is put there is not taken back by the fate of what was there before. */
  @Test
  void whatIsPutThereStays() throws IOException {
    for (int seed = 0; seed < 50; seed++) {
      SimulatedDisk disk = SimulatedDisk.create(seed);
      Io.open(disk.path("/f")).close();
      disk.put("/f", new byte[] {1});
      disk.losePower();
      assertThat(disk.content("/f")).containsExactly(1);
    }
  }

  @Test
  void theOrderOfAListingMeansNothing() throws IOException {
    SimulatedDisk disk = SimulatedDisk.create(1);
    for (String name : List.of("a", "b", "c")) {
      disk.put("/" + name, new byte[0]);
    }
    TreeSet<String> orders = new TreeSet<>();
    for (int i = 0; i < 100; i++) {
      try (Stream<Path> names = Files.list(disk.root())) {
        orders.add(names.toList().toString());
      }
    }
    assertThat(orders).hasSize(6);
  }

  /** Two hundred segments of 64 MiB take no memory. */
  @Test
  void zerosAreNotKept() throws IOException {
    SimulatedDisk disk = SimulatedDisk.create(1);
    long free = disk.freeSpace();
    ByteBuffer zeros = ByteBuffer.allocate(1 << 20);
    for (int segment = 0; segment < 200; segment++) {
      try (FileChannel file = Io.open(disk.path("/segment" + segment))) {
        for (int at = 0; at < 64; at++) {
          file.write(zeros.clear());
        }
        file.force(true);
      }
    }
    assertThat(free - disk.freeSpace()).isEqualTo(12_800L << 20);
    disk.copy(2).losePower();
  }

  @Test
  void anInterruptClosesTheChannel() throws IOException {
    SimulatedDisk disk = SimulatedDisk.create(1);
    FileChannel file = Io.open(disk.path("/f"));
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> file.write(ByteBuffer.allocate(1)))
        .isInstanceOf(ClosedByInterruptException.class);
    assertThat(Thread.interrupted()).isTrue();
    assertThat(file.isOpen()).isFalse();
    assertThat(disk.files()).containsValue(0L);
  }

  @Test
  void writesOfASynchronousChannelAreDurable() throws IOException {
    for (int seed = 0; seed < 50; seed++) {
      SimulatedDisk disk = SimulatedDisk.create(seed);
      disk.put("/f", new byte[1]);
      try (FileChannel file =
          FileChannel.open(disk.path("/f"), StandardOpenOption.WRITE, StandardOpenOption.DSYNC)) {
        file.write(ByteBuffer.wrap(Io.all(1, 3000)));
      }
      assertThat(disk.losePower()).isEqualTo(PowerLoss.NONE);
      assertThat(disk.content("/f")).isEqualTo(Io.all(1, 3000));
    }
  }

  @Test
  void aFileEndsSomewhere() throws IOException {
    FileChannel file = Io.open(SimulatedDisk.create(1).path("/f"));
    assertThatThrownBy(() -> file.write(ByteBuffer.allocate(1), Long.MAX_VALUE))
        .isInstanceOf(IOException.class)
        .hasMessage("File too large");
  }

  /** What storage code must not do if it is to be simulated says so (P20). */
  @Test
  void whatWouldLeaveTheSimulationIsRefused() throws IOException {
    SimulatedDisk disk = SimulatedDisk.create(1);
    Path path = disk.path("/f");
    disk.put("/d/g", new byte[0]);
    FileChannel file = Io.open(path);
    List<ThrowingCallable> refused =
        List.of(
            path::toFile,
            path::toUri,
            () -> file.map(FileChannel.MapMode.READ_ONLY, 0, 1),
            () -> file.transferTo(0, 1, file),
            () -> file.transferFrom(Channels.newChannel(System.in), 0, 1),
            () -> AsynchronousFileChannel.open(path),
            () -> Files.copy(path, disk.path("/copy")),
            () -> Files.getLastModifiedTime(path),
            () -> Files.readAttributes(path, BasicFileAttributes.class).creationTime(),
            () -> Files.setLastModifiedTime(path, FileTime.fromMillis(0)),
            () -> Files.getAttribute(path, "size"),
            () -> FileChannel.open(path, StandardOpenOption.DELETE_ON_CLOSE),
            () -> path.getFileSystem().newWatchService());
    List<String> messages = new ArrayList<>();
    for (ThrowingCallable call : refused) {
      assertThatThrownBy(call)
          .isInstanceOf(UnsupportedOperationException.class)
          .satisfies(e -> messages.add(e.getMessage()))
          .hasMessageContaining("P20");
    }
    assertThat(messages).hasSize(refused.size());
    assertThatThrownBy(() -> Files.move(path, disk.path("/d/f")))
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessageContaining("within a directory");
  }
}
