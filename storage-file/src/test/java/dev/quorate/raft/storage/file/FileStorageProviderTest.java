package dev.quorate.raft.storage.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.config.ConfigurationException;
import dev.quorate.raft.api.config.Settings;
import dev.quorate.raft.api.storage.CorruptionException;
import dev.quorate.raft.api.storage.GroupLog;
import dev.quorate.raft.api.storage.Storage;
import dev.quorate.raft.api.storage.StorageContext;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
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
}
