package dev.quorate.raft.transport.grpc.net;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Looks up host names. A lookup may block for many seconds and cannot be cancelled, so each has a
 * thread of its own and a dead name server delays nobody who does not need it. A peer has one
 * attempt at a time, which bounds the threads.
 */
final class Resolver {

  private final ThreadPoolExecutor threads;

  Resolver(String threadName) {
    threads =
        new ThreadPoolExecutor(
            0,
            Integer.MAX_VALUE,
            1,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            task -> {
              Thread thread = new Thread(task, threadName);
              thread.setDaemon(true);
              return thread;
            });
  }

  /** Gives the addresses of a host, none if it is not known, to a consumer in another thread. */
  void resolve(String host, Consumer<InetAddress[]> consumer) {
    threads.execute(
        () -> {
          InetAddress[] found;
          try {
            found = InetAddress.getAllByName(host);
          } catch (UnknownHostException e) {
            found = new InetAddress[0];
          }
          consumer.accept(found);
        });
  }

  /**
   * Ends the threads, except one that is stuck in the system's resolver for longer than a second.
   */
  void close() throws InterruptedException {
    threads.shutdownNow();
    threads.awaitTermination(1, TimeUnit.SECONDS);
  }
}
