package dev.quorate.chat.node;

import java.io.IOException;
import java.io.InputStream;

/**
 * Ends the process when the process that started it does. The parent holds the other end of our
 * standard input; however it ends, by kill -9 too, the system closes that end.
 */
final class ParentPipe {

  private ParentPipe() {}

  /** Calls {@code ended} once the input has ended. What comes before is ignored. */
  static void watch(InputStream in, Runnable ended) {
    Thread watcher =
        new Thread(
            () -> {
              drain(in);
              ended.run();
            },
            "parent-pipe");
    watcher.setDaemon(true);
    watcher.start();
  }

  private static void drain(InputStream in) {
    byte[] ignored = new byte[256];
    try {
      while (in.read(ignored) >= 0) {
        // Nobody has anything to say here; only the end counts.
      }
    } catch (IOException e) {
      // A pipe that cannot be read has no parent at its other end either.
      return;
    }
  }
}
