package dev.quorate.raft.engine.core;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TailTest {

  @Test
  void soManyEntriesOrBytesAreKeptWhicheverIsLess() {
    Tail tail = new Tail(100, 1_600);
    for (long index = 1; index <= 1_000; index++) {
      tail.applied(index, index * 100);
    }
    // 16 entries of 100 bytes are less than 100 entries; one mark is one entry here, or two.
    assertThat(tail.beginning(1_000)).isBetween(980L, 984L);
    assertThat(new Tail(100, 1_600).beginning(1_000)).isEqualTo(900);
  }

  /** A state machine without snapshots never asks where the tail begins. */
  @Test
  void whatIsRememberedIsBoundedThoughNoSnapshotIsEverTaken() {
    Tail tail = new Tail(Long.MAX_VALUE / 2, 16);
    for (long index = 1; index <= 100_000; index++) {
      tail.applied(index, index * 100);
    }
    assertThat(tail.marks()).isLessThanOrEqualTo(Tail.MAX_MARKS);
    // What is forgotten is kept in the log, and what is remembered still counts.
    assertThat(tail.beginning(50_000)).isLessThanOrEqualTo(0);
    assertThat(tail.beginning(100_000)).isEqualTo(99_999);
  }
}
