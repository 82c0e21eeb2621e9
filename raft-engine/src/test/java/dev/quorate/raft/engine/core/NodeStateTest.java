package dev.quorate.raft.engine.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.raft.api.storage.HardState;
import dev.quorate.raft.api.storage.LogEntry;
import dev.quorate.raft.api.storage.RecoveredLog;
import dev.quorate.raft.api.storage.SnapshotId;
import dev.quorate.raft.engine.message.Peer;
import dev.quorate.raft.engine.message.SnapshotMetadata;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** What a node remembers, and no longer than that is of use. */
class NodeStateTest {

  private static final LogEntry BOOTSTRAP =
      CoreDriver.configurationEntry(1, 0, CoreDriver.configuration(3));

  private final NodeState state = state(1_000);

  private static NodeState state(long lastIndex) {
    RecoveredLog recovered =
        new RecoveredLog(
            HardState.INITIAL,
            0,
            0,
            lastIndex,
            List.of(new RecoveredLog.TermStart(1, 1)),
            List.of(BOOTSTRAP));
    RaftLog log = new RaftLog(new Beginning(recovered, Optional.empty(), BOOTSTRAP, 0, 0), 1_000);
    Peer self = new Peer(CoreDriver.member(1).id(), 1, 1);
    return new NodeState(self, CoreDriver.SETTINGS, log, Optional.empty(), new SplittableRandom(1));
  }

  private static SnapshotId at(long index) {
    return new SnapshotId(1, index, 1, 1_000, 7);
  }

  private static StoredSnapshot stored(long index) {
    return new StoredSnapshot(
        at(index), new SnapshotMetadata(index, 1, 5_000, BOOTSTRAP, BOOTSTRAP));
  }

  /**
   * A peer may have a part of one that is not the newest, as long as the log goes on from there.
   */
  @Test
  void damagedSnapshotsAreRememberedAsLongAsTheLogGoesOnFromThem() {
    for (long index : List.of(3, 5, 8)) {
      state.snapshot(stored(index));
      state.snapshotDamaged(at(index));
    }
    state.snapshot(stored(9));
    state.log().compact(5);
    assertThat(state.isDamaged(at(8))).isTrue();
    state.snapshotDamaged(at(9));
    assertThat(LongStream.of(3, 5, 8, 9).filter(index -> state.isDamaged(at(index))))
        .containsExactly(5L, 8L, 9L);
    state.snapshot(stored(9));
    assertThat(state.isDamaged(at(9))).as("it was made anew").isFalse();
  }

  @Test
  void howManyOfThemAreRememberedIsBoundedByTheLog() {
    for (long index = 2; index <= 1_000; index++) {
      state.snapshot(stored(index));
      state.snapshotDamaged(at(index));
      state.log().compact(Math.max(1, index - 10));
    }
    assertThat(LongStream.rangeClosed(2, 1_000).filter(index -> state.isDamaged(at(index))))
        .hasSizeLessThanOrEqualTo(12);
  }
}
