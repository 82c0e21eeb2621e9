package dev.quorate.raft.storage.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A POSIX lock is gone as soon as the process closes any descriptor of the file, so what matters is
 * what another process is told.
 */
class DirectoryLockTest {

  @TempDir Path temp;

  private boolean lockedAgainstOthers() throws Exception {
    return LockProbe.of(temp.resolve("lock")).equals("refused");
  }

  @Test
  void refusedOpeningsAtOnceDoNotDropTheLock() throws Exception {
    int threads = 16;
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try (DirectoryLock held = DirectoryLock.acquire(temp, "me")) {
      for (int round = 0; round < 20; round++) {
        CountDownLatch start = new CountDownLatch(1);
        List<Future<?>> all = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
          all.add(
              pool.submit(
                  () -> {
                    start.await();
                    assertThatThrownBy(() -> DirectoryLock.acquire(temp, "other"))
                        .isInstanceOf(IOException.class)
                        .hasMessageContaining("in use by me");
                    return null;
                  }));
        }
        start.countDown();
        for (Future<?> one : all) {
          one.get();
        }
      }
      // A refused channel that nobody keeps would be closed by its cleaner now.
      // Starting the other process takes longer than that.
      System.gc();
      assertThat(held).isNotNull();
      assertThat(lockedAgainstOthers()).isTrue();
    } finally {
      pool.shutdownNow();
    }
    assertThat(lockedAgainstOthers()).isFalse();
  }

  @Test
  void theLockOfAWipedDirectoryIsNotTakenForTheNewOne() throws Exception {
    DirectoryLock first = DirectoryLock.acquire(temp, "first");
    assertThatThrownBy(() -> DirectoryLock.acquire(temp, "second")).hasMessageContaining("first");
    first.close();
    Files.delete(temp.resolve("lock"));
    try (DirectoryLock third = DirectoryLock.acquire(temp, "third")) {
      assertThat(third).isNotNull();
      assertThat(lockedAgainstOthers()).isTrue();
    }
  }

  /** The holder of a file that is gone must not take the lock of the next holder with it. */
  @Test
  void closingAfterAWipeKeepsTheNextHoldersLock() throws Exception {
    DirectoryLock first = DirectoryLock.acquire(temp, "first");
    Files.delete(temp.resolve("lock"));
    try (DirectoryLock second = DirectoryLock.acquire(temp, "second")) {
      assertThatThrownBy(() -> DirectoryLock.acquire(temp, "third")).hasMessageContaining("second");
      first.close();
      first.close();
      assertThat(second).isNotNull();
      assertThat(lockedAgainstOthers()).isTrue();
    }
  }
}
