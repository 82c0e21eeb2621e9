package dev.quorate.raft.storage.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.config.ConfigurationException;
import dev.quorate.raft.api.config.Settings;
import dev.quorate.raft.api.storage.CorruptionException;
import dev.quorate.raft.api.storage.GroupLog;
import dev.quorate.raft.api.storage.LogEntry;
import dev.quorate.raft.api.storage.Storage;
import dev.quorate.raft.api.storage.StorageContext;
import dev.quorate.raft.api.storage.WriteRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The storage on real files: identity, lock, settings, groups, reads from other threads. */
class FileStorageProviderTest {

  private final FileStorageProvider provider = new FileStorageProvider();

  @TempDir Path temp;

  private Storage open(String cluster, String node, long incarnation) throws IOException {
    return provider.open(
        new StorageContext(
            temp.resolve("data/n1"),
            cluster,
            NodeId.of(node),
            incarnation,
            "process 17",
            Settings.empty().with("raft.storage.file.segment-bytes", "4KiB")));
  }

  @Test
  void theIncarnationIsThatOfTheFirstOpening() throws IOException {
    try (Storage storage = open("chat", "n1", 11)) {
      assertThat(storage.incarnation()).isEqualTo(11);
    }
    try (Storage storage = open("chat", "n1", 12)) {
      assertThat(storage.incarnation()).isEqualTo(11);
    }
  }

  @Test
  void theDirectoryOfAnotherNodeOrClusterIsRefused() throws IOException {
    open("chat", "n1", 11).close();
    assertThatThrownBy(() -> open("chat", "n2", 12))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("belongs to node 'n1' of cluster 'chat' and not to node 'n2'");
    assertThatThrownBy(() -> open("other", "n1", 12))
        .hasMessageContaining("and not to node 'n1' of cluster 'other'");
    open("chat", "n1", 13).close();
  }

  @Test
  void aNewerFormatIsRefused() throws IOException {
    open("chat", "n1", 11).close();
    Path file = temp.resolve("data/n1/identity");
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file));
    bytes.putShort(4, (short) 2);
    int end = bytes.limit() - Integer.BYTES;
    bytes.putInt(end, Checksum.of(bytes, 0, end));
    Files.write(file, bytes.array());
    assertThatThrownBy(() -> open("chat", "n1", 11))
        .isNotInstanceOf(CorruptionException.class)
        .hasMessageContaining("format 2")
        .hasMessageContaining("newer");
  }

  @Test
  void logsWithoutAnIdentityAreRefused() throws IOException {
    try (Storage storage = open("chat", "n1", 11)) {
      storage.openLog("default");
    }
    Files.delete(temp.resolve("data/n1/identity"));
    assertThatThrownBy(() -> open("chat", "n1", 11))
        .isInstanceOf(CorruptionException.class)
        .hasMessageContaining("identity is missing");
  }

  @Test
  void aSecondOpeningNamesTheHolder() throws Exception {
    try (Storage storage = open("chat", "n1", 11)) {
      for (int i = 0; i < 3; i++) {
        assertThatThrownBy(() -> open("chat", "n1", 12))
            .isInstanceOf(IOException.class)
            .hasMessageContaining("is in use by process 17");
      }
      // The refused openings above must not have dropped the lock of this process.
      assertThat(lockFromAnotherProcess()).isEqualTo("refused");
      assertThat(storage.incarnation()).isEqualTo(11);
    }
    assertThat(lockFromAnotherProcess()).isEqualTo("locked");
    open("chat", "n1", 12).close();
  }

  private String lockFromAnotherProcess() throws Exception {
    return LockProbe.of(temp.resolve("data/n1/lock"));
  }

  @Test
  void anUnknownOrIllegalKeyIsRefused() {
    assertThatThrownBy(() -> openWith("raft.storage.file.segment-byte", "8KiB"))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("raft.storage.file.segment-bytes");
    assertThatThrownBy(() -> openWith("raft.storage.file.segment-bytes", "4095"))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("4096");
    assertThatThrownBy(() -> openWith("raft.storage.file.segment-bytes", "257MiB"))
        .isInstanceOf(ConfigurationException.class);
  }

  private void openWith(String key, String value) throws IOException {
    provider.open(Rig.context(temp, Settings.empty().with(key, value)));
  }

  @Test
  void groupsHaveLogsOfTheirOwnAndShareAForce() throws IOException {
    try (Storage storage = open("chat", "n1", 11)) {
      List<String> groups = List.of("a", "A", ".", "..", "x".repeat(64));
      for (String group : groups) {
        GroupLog log = storage.openLog(group);
        log.write(Batches.batch(1, Batches.vote(group.length(), "n2")));
        assertThatIllegalStateException().isThrownBy(() -> storage.openLog(group));
      }
      storage.force();
      assertThatIllegalArgumentException().isThrownBy(() -> storage.openLog("a/b"));
      assertThatIllegalArgumentException().isThrownBy(() -> storage.openLog(""));
    }
    try (Storage storage = open("chat", "n1", 11)) {
      assertThat(storage.openLog("..").recovered().hardState().term()).isEqualTo(2);
      assertThat(storage.openLog("A").recovered().hardState().term()).isEqualTo(1);
    }
  }

  @Test
  void aLogThatWasClosedCanBeOpenedAgain() throws IOException {
    try (Storage storage = open("chat", "n1", 11)) {
      GroupLog log = storage.openLog("g");
      log.write(Batches.batch(1, Batches.append(Batches.command(1, 1, 5))));
      log.close();
      log.close();
      assertThatThrownBy(() -> log.write(Batches.batch(2, Batches.vote(2, "n1"))))
          .hasMessageContaining("closed");
      assertThatThrownBy(() -> log.read(1, 2, 1)).hasMessageContaining("closed");
      storage.force();
      assertThat(storage.openLog("g").recovered().lastIndex()).isEqualTo(1);
    }
  }

  @Test
  void aBatchThatDoesNotFollowIsRefusedAndHarmsNothing() throws IOException {
    try (Storage storage = open("chat", "n1", 11)) {
      GroupLog log = storage.openLog("g");
      WriteRecord second = Batches.append(Batches.command(2, 1, 5));
      assertThatIllegalArgumentException().isThrownBy(() -> log.write(Batches.batch(1, second)));
      assertThatIllegalArgumentException()
          .isThrownBy(() -> log.write(Batches.batch(1, new WriteRecord.Truncate(0))));
      assertThatIllegalArgumentException()
          .isThrownBy(() -> log.write(Batches.batch(2, Batches.vote(1, "n1"))));
      log.write(Batches.batch(1, Batches.append(Batches.command(1, 1, 5)), second));
      assertThat(log.read(1, 9, 1000)).hasSize(2);
    }
  }

  @Test
  void damageIsSeenByAReader() throws IOException {
    try (Storage storage = open("chat", "n1", 11)) {
      GroupLog log = storage.openLog("g");
      log.write(Batches.batch(1, Batches.append(Batches.command(1, 1, 500))));
      Path segment = temp.resolve("data/n1/group-g/0000000001.wal");
      try (FileChannel channel = FileChannel.open(segment, StandardOpenOption.WRITE)) {
        channel.write(ByteBuffer.allocate(1), 400);
      }
      assertThatThrownBy(() -> log.read(1, 2, 1000))
          .isInstanceOf(CorruptionException.class)
          .hasMessageContaining(segment.toString());
    }
  }

  /**
   * Readers run beside a writer that truncates and rolls: each read is one of the logs that there
   * were.
   */
  @Test
  void readsFromOtherThreadsSeeWholeEntries() throws Exception {
    AtomicBoolean stop = new AtomicBoolean();
    try (Storage storage = open("chat", "n1", 11)) {
      GroupLog log = storage.openLog("g");
      List<CompletableFuture<Long>> readers = List.of(reader(log, stop), reader(log, stop));
      long last = 0;
      for (long sequence = 1; sequence <= 3000; sequence++) {
        LogEntry entry = Batches.command(last + 1, sequence, 100);
        if (sequence % 7 == 0) {
          last -= 3;
          log.write(
              Batches.batch(
                  sequence,
                  new WriteRecord.Truncate(last + 1),
                  Batches.append(Batches.command(last + 1, sequence, 100))));
        } else {
          log.write(Batches.batch(sequence, Batches.append(entry)));
        }
        last++;
      }
      stop.set(true);
      for (CompletableFuture<Long> reader : readers) {
        assertThat(reader.get(10, TimeUnit.SECONDS)).isPositive();
      }
    }
  }

  private static CompletableFuture<Long> reader(GroupLog log, AtomicBoolean stop) {
    return CompletableFuture.supplyAsync(
        () -> {
          long seen = 0;
          try {
            while (!stop.get() || seen == 0) {
              long previous = 0;
              for (LogEntry entry : log.read(1, Long.MAX_VALUE, 50_000)) {
                assertThat(entry).isEqualTo(Batches.command(entry.index(), entry.term(), 100));
                assertThat(entry.index()).isEqualTo(++previous);
                seen++;
              }
            }
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
          return seen;
        });
  }
}
