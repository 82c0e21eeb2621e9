package dev.quorate.raft.engine.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.config.Settings;
import dev.quorate.raft.api.storage.GroupLog;
import dev.quorate.raft.api.storage.HardState;
import dev.quorate.raft.api.storage.Storage;
import dev.quorate.raft.api.storage.StorageContext;
import dev.quorate.raft.api.storage.WriteBatch;
import dev.quorate.raft.api.storage.WriteRecord;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LogWriterTest {

  private final ManualEnvironment environment = new ManualEnvironment(1);
  private final MemoryDisk disk = new MemoryDisk();
  private final List<String> heard = new ArrayList<>();
  private LogWriter writer;

  @BeforeEach
  void open() {
    Storage storage =
        disk.open(
            new StorageContext(
                Path.of("nowhere"), "c", NodeId.of("n1"), 1, "test", Settings.empty()));
    writer = new LogWriter(storage, environment);
    writer.add("default", new Client(((GroupLog) storage)));
    environment.advance(0);
  }

  private final class Client implements LogWriter.Client {
    private final GroupLog log;

    Client(GroupLog log) {
      this.log = log;
    }

    @Override
    public GroupLog log() {
      return log;
    }

    @Override
    public void onPersisted(long sequence) {
      heard.add("persisted " + sequence);
    }

    @Override
    public void onSpace(boolean hasSpace) {
      heard.add("space " + hasSpace);
    }

    @Override
    public void onStorageFailed(String reason) {
      heard.add("failed");
    }
  }

  private void write(long sequence) {
    writer.write(
        "default",
        new WriteBatch(
            sequence, List.of(new WriteRecord.SetHardState(HardState.withoutVote(sequence)))));
  }

  @Test
  void whatWaitsIsForcedOnce() {
    write(1);
    write(2);
    write(3);
    environment.advance(0);
    assertThat(heard).containsExactly("persisted 3");
    assertThat(disk.forces()).isEqualTo(1);
  }

  @Test
  void withoutRoomBatchesWaitInOrderAndAreTriedAgain() {
    write(1);
    environment.advance(0);
    disk.full(true);
    write(2);
    environment.advance(0);
    write(3);
    environment.advance(1_000);
    assertThat(heard).containsExactly("persisted 1", "space false");
    disk.full(false);
    environment.advance(200);
    assertThat(heard).containsExactly("persisted 1", "space false", "persisted 3", "space true");
  }

  @Test
  void aFailureIsFinal() {
    disk.failForces(new IOException("broken"));
    write(1);
    environment.advance(0);
    write(2);
    environment.advance(10_000);
    assertThat(heard).containsExactly("failed");
  }

  @Test
  void stoppingWritesWhatWasHandedInBefore() {
    write(1);
    writer.stop(() -> heard.add("stopped"));
    write(2);
    environment.advance(0);
    assertThat(heard).containsExactly("persisted 1", "stopped");
  }
}
