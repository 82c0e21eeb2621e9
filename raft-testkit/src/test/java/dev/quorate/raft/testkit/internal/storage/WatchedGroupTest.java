package dev.quorate.raft.testkit.internal.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quorate.raft.api.storage.GroupLog;
import dev.quorate.raft.api.storage.HardState;
import dev.quorate.raft.api.storage.LogEntry;
import dev.quorate.raft.api.storage.RecoveredLog;
import dev.quorate.raft.api.storage.SnapshotStore;
import dev.quorate.raft.api.storage.Storage;
import dev.quorate.raft.api.storage.WriteBatch;
import dev.quorate.raft.api.storage.WriteRecord;
import dev.quorate.raft.testkit.internal.verdict.Violation;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** A removal that a storage does not keep is noticed. */
class WatchedGroupTest {

  private static final LogEntry ENTRY =
      LogEntry.of(LogEntry.Type.NO_OP, 1, 1, 0, 0, ByteBuffer.allocate(0));

  private static final HardState STATE = new HardState(1, Optional.empty(), 0);

  private boolean lied;
  private boolean removes = true;
  private boolean fails;

  private final WatchedGroup group =
      new WatchedGroup(
          "orders",
          new Nobody(),
          index -> null,
          new WatchedStorage.Trust() {
            @Override
            public boolean hasLied() {
              return lied;
            }

            @Override
            public boolean isDamaged() {
              return lied;
            }

            @Override
            public long errors() {
              return 0;
            }
          },
          () -> 1);

  private static final class Nobody implements WatchedStorage.Watcher {
    @Override
    public void writing(WriteBatch batch) {}

    @Override
    public void truncating(LogEntry entry, long term) {}

    @Override
    public void forced() {}
  }

  /** A disk whose answers the test decides. */
  private final class Disk implements Storage {
    @Override
    public boolean removeGroup(String id) throws IOException {
      if (fails) {
        throw new IOException("as the test wants it");
      }
      return removes;
    }

    @Override
    public long incarnation() {
      return 1;
    }

    @Override
    public GroupLog openLog(String id) {
      throw new UnsupportedOperationException();
    }

    @Override
    public SnapshotStore openSnapshots(String id) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void force() {}

    @Override
    public boolean hasSpace() {
      return true;
    }

    @Override
    public long reserveBytes() {
      return 1_000;
    }

    @Override
    public void close() {}
  }

  private record Found(List<LogEntry> entries) implements GroupLog {
    @Override
    public RecoveredLog recovered() {
      return new RecoveredLog(
          entries.isEmpty() ? HardState.INITIAL : STATE,
          0,
          0,
          entries.size(),
          List.of(),
          List.of());
    }

    @Override
    public void write(WriteBatch batch) {}

    @Override
    public List<LogEntry> read(long from, long to, long maxBytes) {
      return entries.subList((int) from - 1, (int) to - 1);
    }

    @Override
    public void close() {}
  }

  private void hasAnEntry() throws IOException {
    group.found(new Found(List.of()));
    group.writing(
        new WriteBatch(
            1,
            List.of(new WriteRecord.SetHardState(STATE), new WriteRecord.Append(List.of(ENTRY)))));
    group.forced();
  }

  private static void breaksI19(ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(Violation.class, it -> assertThat(it.invariant()).isEqualTo("I19"));
  }

  @Test
  void whatWasRemovedMustNotComeBackWholeOrEmpty() throws IOException {
    hasAnEntry();
    group.remove(new Disk());
    group.refused();
    breaksI19(() -> group.found(new Found(List.of(ENTRY))));
    breaksI19(() -> group.found(new Found(List.of())));
  }

  @Test
  void whatNobodyRemovedMustNotBeRefused() throws IOException {
    hasAnEntry();
    breaksI19(group::refused);
  }

  @Test
  void aRemovalThatFailedLeavesTheGroupWholeOrRemovedAndNothingBetween() throws IOException {
    hasAnEntry();
    fails = true;
    assertThatThrownBy(() -> group.remove(new Disk())).isInstanceOf(IOException.class);
    assertThat(group.isLeaving()).isTrue();
    group.refused();
    breaksI19(() -> group.found(new Found(List.of())));
    group.found(new Found(List.of(ENTRY)));
    assertThat(group.isLeaving()).isFalse();
  }

  @Test
  void whatIsThereMustNotBeCalledNothing() throws IOException {
    hasAnEntry();
    removes = false;
    breaksI19(() -> group.remove(new Disk()));
  }

  @Test
  void ofWhatWasNeverThereNothingIsRemoved() throws IOException {
    removes = false;
    group.remove(new Disk());
    group.found(new Found(List.of()));
  }

  @Test
  void aDiskThatLiedMayForgetARemovalButIsOfNoMoreUse() throws IOException {
    hasAnEntry();
    group.remove(new Disk());
    lied = true;
    assertThatThrownBy(() -> group.found(new Found(List.of(ENTRY))))
        .isInstanceOf(IOException.class);
  }

  @Test
  void anotherDiskMayHaveTheGroupAgain() throws IOException {
    hasAnEntry();
    group.remove(new Disk());
    group.wiped();
    group.found(new Found(List.of()));
  }
}
