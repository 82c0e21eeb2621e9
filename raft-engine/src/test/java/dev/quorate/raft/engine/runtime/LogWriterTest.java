package dev.quorate.raft.engine.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.config.Settings;
import dev.quorate.raft.api.metrics.RaftMetrics;
import dev.quorate.raft.api.storage.GroupLog;
import dev.quorate.raft.api.storage.HardState;
import dev.quorate.raft.api.storage.Storage;
import dev.quorate.raft.api.storage.StorageContext;
import dev.quorate.raft.api.storage.StorageFailedException;
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
  private final List<String> reasons = new ArrayList<>();
  private final List<Throwable> causes = new ArrayList<>();
  private LogWriter writer;

  @BeforeEach
  void open() throws IOException {
    Storage storage = disk.open(context());
    writer =
        new LogWriter(
            storage, environment, RaftMetrics.NONE, new RateLimitedLog(new Lines(), environment));
    writer.add("default", new Client(storage.openLog("default"), ""));
    environment.advance(0);
    assertThat(heard).containsExactly("space true");
    heard.clear();
  }

  private static StorageContext context() {
    return new StorageContext(
        Path.of("nowhere"), "c", NodeId.of("n1"), 1, "test", Settings.empty());
  }

  private final class Client implements LogWriter.Client {
    private final GroupLog log;
    private final String name;

    Client(GroupLog log, String name) {
      this.log = log;
      this.name = name;
    }

    @Override
    public GroupLog log() {
      return log;
    }

    @Override
    public void onPersisted(long sequence) {
      heard.add(name + "persisted " + sequence);
    }

    @Override
    public void onSpace(boolean hasSpace) {
      heard.add(name + "space " + hasSpace);
    }

    @Override
    public void onStorageFailed(String reason, Throwable cause) {
      heard.add(name + "failed");
      reasons.add(reason);
      causes.add(cause);
    }
  }

  private void write(long sequence) {
    write("default", sequence);
  }

  private void write(String group, long sequence) {
    writer.write(
        group,
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
    assertThat(heard).containsExactly("persisted 1", "space false", "space true", "persisted 3");
  }

  /** So that room in the stream is not taken for room on the disk. */
  @Test
  void thatSpaceEndedIsSaidBeforeWhatIsDurable() {
    write(1);
    disk.scarce(true);
    environment.advance(0);
    assertThat(heard).containsExactly("space false", "persisted 1");
  }

  @Test
  void aGroupThatHasNoRoomDoesNotHoldUpAnother() throws IOException {
    MemoryDisk another = new MemoryDisk();
    writer.add("another", new Client(another.open(context()).openLog("another"), "another "));
    environment.advance(0);
    heard.clear();
    disk.full(true);
    write(1);
    write("another", 1);
    environment.advance(0);
    write(2);
    write("another", 2);
    environment.advance(0);
    assertThat(heard)
        .containsExactly(
            "another space false", "space false", "another persisted 1", "another persisted 2");
    disk.full(false);
    environment.advance(200);
    assertThat(heard).endsWith("another space true", "space true", "persisted 2");
  }

  @Test
  void aGroupThatIsAddedIsToldWhetherThereIsSpace() throws IOException {
    disk.full(true);
    write(1);
    environment.advance(0);
    writer.add(
        "another", new Client(new MemoryDisk().open(context()).openLog("another"), "another "));
    environment.advance(0);
    assertThat(heard).contains("another space false");
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
  void whatWasThrownIsForTheLogOfOneOfAllGroups() throws IOException {
    Storage storage = new MemoryDisk().open(context());
    writer.add("a", new Client(storage.openLog("a"), "a "));
    writer.add("b", new Client(storage.openLog("b"), "b "));
    IOException thrown = new IOException("broken");
    disk.failForces(thrown);
    write(1);
    environment.advance(0);
    assertThat(heard).contains("failed", "a failed", "b failed");
    assertThat(causes).containsExactly(thrown, null, null);
    assertThat(reasons)
        .hasSize(3)
        .containsOnly(
            "writing the log failed, of this and 2 more groups of the host:"
                + " java.io.IOException: broken");
  }

  @Test
  void aGroupThatIsAddedAfterAFailureIsToldOfIt() throws IOException {
    disk.failForces(new IOException("broken"));
    write(1);
    environment.advance(0);
    writer.add("another", new Client(new MemoryDisk().open(context()).openLog("another"), "late "));
    environment.advance(0);
    assertThat(heard).containsExactly("failed", "late failed");
  }

  /** Whoever was opening it has what was thrown to tell, and only the first. */
  @Test
  void aStorageThatFailedWhileItWasOpenedIsNotUsedAnyMore() throws IOException {
    writer.add("a", new Client(new MemoryDisk().open(context()).openLog("a"), "a "));
    environment.advance(0);
    heard.clear();
    StorageFailedException thrown = new StorageFailedException("broken", null);
    write(1);
    assertThat(writer.failed(thrown)).isTrue();
    assertThat(writer.failed(new StorageFailedException("broken before", thrown))).isFalse();
    write(2);
    environment.advance(10_000);
    assertThat(heard).containsExactly("a failed", "failed");
    assertThat(causes).containsOnlyNulls();
    assertThat(reasons).containsOnly("the disk failed while a log was opened: broken");
    assertThat(disk.forces()).isZero();
  }

  @Test
  void aGroupThatIsRemovedHasWrittenWhatWasHandedInBefore() {
    write(1);
    writer.remove("default", () -> heard.add("removed"));
    environment.advance(0);
    assertThat(heard).containsExactly("persisted 1", "removed");
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
