package dev.quorate.scenario;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntSupplier;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A process that is written lines to and whose output is waited for, never slept for. */
class LineProcess implements Closeable {
  private static final Duration GRACE = Duration.ofSeconds(10);
  private static final int QUOTED = 4_000;

  private final String name;
  private final Process process;
  private final Writer input;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition more = lock.newCondition();
  private final StringBuilder output = new StringBuilder();
  private boolean ended;

  /** Where the next wait begins to look. */
  private int position;

  LineProcess(String name, ProcessBuilder builder) throws IOException {
    this.name = name;
    this.process = builder.redirectErrorStream(true).start();
    this.input = process.outputWriter(StandardCharsets.UTF_8);
    Thread reader = new Thread(this::readAll, "output of " + name);
    reader.setDaemon(true);
    reader.start();
  }

  private void readAll() {
    char[] buffer = new char[4096];
    try (Reader reader =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (int n = reader.read(buffer); n >= 0; n = reader.read(buffer)) {
        append(buffer, n);
      }
    } catch (IOException e) {
      append(("[output lost: " + e + "]\n").toCharArray(), 0);
    } finally {
      lock.lock();
      try {
        ended = true;
        more.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }

  private void append(char[] characters, int length) {
    lock.lock();
    try {
      output.append(characters, 0, length);
      more.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Types a line; what is waited for next must come after it. */
  final void send(String line) {
    type(line + "\n");
  }

  /** Types keys, as they are; what is waited for next must come after them. */
  final void type(String keys) {
    lock.lock();
    try {
      position = output.length();
    } finally {
      lock.unlock();
    }
    try {
      input.write(keys);
      input.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(said("takes no more lines"), e);
    }
  }

  /** Ends the input, as Ctrl-D does. */
  final void endInput() throws IOException {
    input.close();
  }

  /** Waits until the output has the pattern, whose {@code $} is the end of any line. */
  final MatchResult await(String regex, Duration within) throws InterruptedException {
    // Half a line may look like a whole one; only what has its end counts.
    return await(regex, within, () -> output.lastIndexOf("\n") + 1);
  }

  /** Waits until the output has the pattern, be it in a line without an end, as a prompt is. */
  final void awaitPart(String regex, Duration within) throws InterruptedException {
    await(regex, within, output::length);
  }

  private MatchResult await(String regex, Duration within, IntSupplier end)
      throws InterruptedException {
    Pattern pattern = Pattern.compile(regex, Pattern.MULTILINE);
    long left = within.toNanos();
    lock.lockInterruptibly();
    try {
      while (true) {
        Matcher matcher = pattern.matcher(output);
        matcher.region(position, Math.max(position, end.getAsInt()));
        if (matcher.find()) {
          position = matcher.end();
          return matcher.toMatchResult();
        }
        if (ended || left <= 0) {
          throw new AssertionError(
              said(
                  (ended ? "ended without" : "did not, within " + within + ", say") + " " + regex));
        }
        left = more.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Lets that much time pass, in which the process must not end. */
  final void runsOn(Duration time) throws InterruptedException {
    if (process.waitFor(time.toNanos(), TimeUnit.NANOSECONDS)) {
      throw new AssertionError(said("ended with " + process.exitValue()));
    }
  }

  /** Waits for the end of the process and gives its exit code. */
  final int awaitExit(Duration within) throws InterruptedException {
    if (!process.waitFor(within.toNanos(), TimeUnit.NANOSECONDS)) {
      throw new AssertionError(said("has not ended within " + within));
    }
    return process.exitValue();
  }

  final Process process() {
    return process;
  }

  /** The processes that this one has started, as they are now. */
  final List<ProcessHandle> children() {
    return process.descendants().toList();
  }

  /** All that was said so far. */
  final String transcript() {
    lock.lock();
    try {
      return output.toString();
    } finally {
      lock.unlock();
    }
  }

  final String said(String what) {
    String all = transcript();
    String end = all.substring(Math.max(0, all.length() - QUOTED));
    return name + " " + what + "; it said:\n" + end;
  }

  /** Lets the process end, and ends it and its children by their ids if it does not. */
  @Override
  public void close() throws IOException {
    List<ProcessHandle> children = children();
    try {
      endInput();
    } catch (IOException e) {
      // It has ended already.
    }
    try {
      process.waitFor(GRACE.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    process.destroyForcibly();
    children.forEach(ProcessHandle::destroyForcibly);
    // A dying process still has its files and its place in the network.
    children.forEach(child -> child.onExit().orTimeout(GRACE.toSeconds(), TimeUnit.SECONDS).join());
  }
}
