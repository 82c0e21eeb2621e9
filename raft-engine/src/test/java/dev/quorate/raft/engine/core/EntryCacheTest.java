package dev.quorate.raft.engine.core;

import static dev.quorate.raft.engine.core.CoreDriver.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quorate.raft.api.storage.LogEntry;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Entries here have 100 bytes. */
class EntryCacheTest {

  @Test
  void holdsWhatWasAppendedHoweverMuch() {
    EntryCache cache = filled(5, 1_000, 1_000_000);
    assertThat(cache.holds(4)).isFalse();
    assertThat(cache.holds(1_001)).isFalse();
    assertThat(cache.slice(5, 1_000, Long.MAX_VALUE))
        .extracting(LogEntry::index)
        .containsExactlyElementsOf(LongStream.rangeClosed(5, 1_000).boxed().toList());
  }

  @Test
  void aSliceEndsAtItsLastIndexOrBelowItsLimitButHasAtLeastOne() {
    EntryCache cache = filled(1, 20, 1_000_000);
    assertThat(cache.slice(3, 6, 10_000)).hasSize(4);
    assertThat(cache.slice(3, 20, 399)).hasSize(3);
    assertThat(cache.slice(3, 20, 400)).hasSize(4);
    assertThat(cache.slice(3, 20, 1)).extracting(LogEntry::index).containsExactly(3L);
    assertThat(cache.slice(19, 99, 10_000)).hasSize(2);
  }

  @Test
  void dropsTheOldestBeyondTheBoundOnlyWhenTheyAreDurable() {
    EntryCache cache = filled(1, 10, 300);
    cache.evict(0);
    assertThat(cache.holds(1)).isTrue();
    cache.evict(4);
    assertThat(cache.holds(4)).isFalse();
    assertThat(cache.holds(5)).isTrue();
    cache.evict(10);
    assertThat(cache.holds(7)).isFalse();
    assertThat(cache.holds(8)).isTrue();
  }

  @Test
  void keepsTheNewestEvenIfItAloneIsBeyondTheBound() {
    EntryCache cache = filled(1, 3, 1);
    cache.evict(3);
    assertThat(cache.holds(2)).isFalse();
    assertThat(cache.holds(3)).isTrue();
  }

  @Test
  void goesOnWhereItWasTruncatedEvenBelowAllThatItHolds() {
    EntryCache cache = filled(5, 9, 1_000_000);
    cache.truncateFrom(7);
    assertThat(cache.holds(7)).isFalse();
    cache.append(entry(7, 2));
    assertThat(cache.slice(6, 9, 10_000)).containsExactly(entry(6, 1), entry(7, 2));
    cache.truncateFrom(2);
    assertThat(cache.holds(5)).isFalse();
    cache.append(entry(2, 3));
    assertThat(cache.slice(2, 9, 10_000)).containsExactly(entry(2, 3));
  }

  @Test
  void aGapIsADefect() {
    EntryCache cache = filled(5, 9, 1_000_000);
    assertThatThrownBy(() -> cache.append(entry(11, 1))).isInstanceOf(InvariantViolation.class);
    assertThatThrownBy(() -> cache.append(entry(9, 1))).isInstanceOf(InvariantViolation.class);
  }

  @Test
  void growsWhileItsRingIsWrappedAround() {
    EntryCache cache = filled(1, 60, 1_000);
    cache.evict(60);
    for (long index = 61; index <= 300; index++) {
      cache.append(entry(index, 1));
    }
    assertThat(cache.slice(51, 300, Long.MAX_VALUE))
        .extracting(LogEntry::index)
        .containsExactlyElementsOf(LongStream.rangeClosed(51, 300).boxed().toList());
  }

  private static EntryCache filled(long first, long last, long maxBytes) {
    EntryCache cache = new EntryCache(first, maxBytes);
    for (long index = first; index <= last; index++) {
      cache.append(entry(index, 1));
    }
    return cache;
  }
}
