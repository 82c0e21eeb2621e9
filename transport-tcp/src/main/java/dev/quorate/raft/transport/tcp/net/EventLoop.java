package dev.quorate.raft.transport.tcp.net;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.LongConsumer;

/**
 * The thread that owns the selector. Everything marked as the loop's is touched by this thread
 * only, so that nothing but the way of a frame into a socket needs a lock.
 */
final class EventLoop {

  /** What a channel's key carries as its attachment. */
  interface Handler {

    /** The channel is ready for what its key says. A handler deals with its own I/O errors. */
    void ready(SelectionKey key);
  }

  /** How often deadlines are looked at that nobody needs to the millisecond. */
  static final long TICK_NANOS = Duration.ofMillis(100).toNanos();

  private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(5);
  private static final int READ_BUFFER_BYTES = 64 * 1024;
  private static final long NANOS_PER_MILLI = 1_000_000;

  private final Selector selector;
  private final LongConsumer onTick;
  private final Runnable onEnd;
  private final Thread thread;
  private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
  private final ByteBuffer readBuffer = ByteBuffer.allocateDirect(READ_BUFFER_BYTES);
  private volatile boolean closing;
  private long nextTick = System.nanoTime();

  /**
   * A loop that does not run yet.
   *
   * @param name the thread's name
   * @param onTick called with the time at least every {@link #TICK_NANOS}
   * @param onEnd called once, by the loop, when it ends
   */
  EventLoop(String name, LongConsumer onTick, Runnable onEnd) throws IOException {
    this.selector = Selector.open();
    this.onTick = onTick;
    this.onEnd = onEnd;
    this.thread = new Thread(this::run, name);
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  /** Runs a task in the loop, soon. Tasks that come after the end are dropped. */
  void execute(Runnable task) {
    tasks.add(task);
    wakeUp();
  }

  /** Makes the loop notice what another thread changed. */
  void wakeUp() {
    if (Thread.currentThread() != thread) {
      selector.wakeup();
    }
  }

  /** Asks for a tick at a time before the next regular one. Only the loop calls. */
  void tickAt(long nanoTime) {
    if (nanoTime - nextTick < 0) {
      nextTick = nanoTime;
    }
  }

  /** Only the loop calls. */
  SelectionKey register(SelectableChannel channel, int operations, Handler handler)
      throws IOException {
    channel.configureBlocking(false);
    return channel.register(selector, operations, handler);
  }

  /** A cleared buffer to read into; what is not consumed before the handler returns is lost. */
  ByteBuffer readBuffer() {
    return readBuffer.clear();
  }

  /**
   * Ends the loop and waits for its end.
   *
   * @return false if it did not end in time, which means that a receiver does not return
   */
  boolean close() throws InterruptedException {
    closing = true;
    selector.wakeup();
    if (Thread.currentThread() == thread) {
      return true;
    }
    thread.join(CLOSE_PATIENCE.toMillis());
    return !thread.isAlive();
  }

  /** Frees what a loop holds that was never started. */
  void discard() throws IOException {
    selector.close();
  }

  private void run() {
    try (selector) {
      while (!closing) {
        select();
        runTasks();
        for (SelectionKey key : selector.selectedKeys()) {
          // A handler before this one may have closed the channel.
          if (key.isValid()) {
            ((Handler) key.attachment()).ready(key);
          }
        }
        selector.selectedKeys().clear();
        tickIfDue();
      }
      // What was asked to close before the end is closed, too.
      runTasks();
    } catch (IOException e) {
      throw new IllegalStateException("the selector failed", e);
    } finally {
      onEnd.run();
    }
  }

  private void select() throws IOException {
    long wait = tasks.isEmpty() ? nextTick - System.nanoTime() : 0;
    if (wait > 0) {
      selector.select(Math.max(1, wait / NANOS_PER_MILLI));
    } else {
      selector.selectNow();
    }
    // Nobody has a reason to interrupt this thread; a flag left by a receiver would make it spin.
    Thread.interrupted();
  }

  private void runTasks() {
    for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
      task.run();
    }
  }

  private void tickIfDue() {
    long now = System.nanoTime();
    if (now - nextTick >= 0) {
      nextTick = now + TICK_NANOS;
      onTick.accept(now);
    }
  }
}
