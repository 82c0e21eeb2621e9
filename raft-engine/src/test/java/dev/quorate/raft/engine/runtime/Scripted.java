package dev.quorate.raft.engine.runtime;

import dev.quorate.raft.api.ApplyContext;
import dev.quorate.raft.api.StateMachine;
import java.nio.ByteBuffer;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** A state machine that waits, or fails, when it is told to. */
final class Scripted implements StateMachine {

  final AtomicInteger queries = new AtomicInteger();
  final CountDownLatch querying = new CountDownLatch(1);
  final CountDownLatch applying = new CountDownLatch(1);
  volatile CountDownLatch mayQuery = new CountDownLatch(0);
  volatile CountDownLatch mayApply = new CountDownLatch(0);
  volatile boolean fails;

  @Override
  public byte[] apply(ApplyContext context, ByteBuffer command) {
    applying.countDown();
    await(mayApply);
    if (fails) {
      throw new IllegalStateException("told to");
    }
    return new byte[0];
  }

  @Override
  public byte[] query(ByteBuffer query) {
    queries.incrementAndGet();
    querying.countDown();
    await(mayQuery);
    return new byte[0];
  }

  static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
