package dev.quorate.raft.storage.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.raft.api.storage.LogEntry;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A segment may be deleted between the moment a reader learns of it and the one it opens it. */
class ReadWhileCompactingTest {

  private static final int ENTRIES = 600;
  private static final int KEPT = 10;

  private final AtomicLong written = new AtomicLong();
  private final AtomicLong compacted = new AtomicLong();

  private int readOften(Rig rig, long seed) throws Exception {
    Random random = new Random(seed);
    int gone = 0;
    while (written.get() < ENTRIES) {
      long last = written.get();
      long from = Math.max(1, last - random.nextInt(4 * KEPT));
      List<LogEntry> found = rig.log.read(from, from + 5, Long.MAX_VALUE);
      if (found.isEmpty() && from <= last) {
        assertThat(from).isLessThanOrEqualTo(compacted.get());
        gone++;
      }
      for (int i = 0; i < found.size(); i++) {
        assertThat(found.get(i)).isEqualTo(Batches.command(from + i, 1, 500));
      }
    }
    return gone;
  }

  @Test
  void aReaderFindsTheEntryOrThatItIsGone(@TempDir Path directory) throws Exception {
    Rig rig = Rig.open(directory);
    ExecutorService readers = Executors.newFixedThreadPool(2);
    try {
      Future<Integer> one = readers.submit(() -> readOften(rig, 1));
      Future<Integer> two = readers.submit(() -> readOften(rig, 2));
      try {
        for (int i = 1; i <= ENTRIES; i++) {
          rig.log.write(Batches.batch(2 * i - 1, Batches.append(Batches.command(i, 1, 500))));
          long through = Math.max(1, i - KEPT);
          // Before the write, because readers may find it done before the call returns.
          compacted.set(through);
          rig.log.write(Batches.batch(2 * i, Batches.compact(through, 1)));
          rig.storage.force();
          written.set(i);
        }
      } finally {
        written.set(ENTRIES);
      }
      assertThat(one.get(1, TimeUnit.MINUTES) + two.get(1, TimeUnit.MINUTES)).isPositive();
    } finally {
      readers.shutdownNow();
      rig.storage.close();
    }
  }
}
