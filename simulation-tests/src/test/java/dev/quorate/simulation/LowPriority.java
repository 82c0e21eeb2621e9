package dev.quorate.simulation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/**
 * Lets everything else on the machine go first. These tests know no real time, and what the build
 * runs beside them does: scenarios that must have a new leader within two seconds.
 */
public final class LowPriority implements LauncherSessionListener {

  private static final Path THREADS = Path.of("/proc/self/task");

  @Override
  public void launcherSessionOpened(LauncherSession session) {
    if (Files.isDirectory(THREADS)) {
      try {
        yieldToOthers();
      } catch (IOException e) {
        System.err.println("the simulations run at normal priority: " + e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Linux keeps a priority for each thread; those to come inherit it. */
  private static void yieldToOthers() throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("renice", "-n", "19", "-p"));
    try (Stream<Path> threads = Files.list(THREADS)) {
      threads.map(thread -> String.valueOf(thread.getFileName())).forEach(command::add);
    }
    Process renice =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    renice.waitFor(10, TimeUnit.SECONDS);
  }
}
