package dev.quorate.raft.engine.runtime;

import static dev.quorate.raft.engine.runtime.Register.bytes;
import static dev.quorate.raft.engine.runtime.TestCluster.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.raft.api.Outcome;
import dev.quorate.raft.api.RaftNode;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ThreadedEnvironmentTest {

  @Test
  void callbacksThatBlockDoNotHoldUpOtherFutures() throws Exception {
    CountDownLatch latch = new CountDownLatch(1);
    try (TestCluster cluster = new TestCluster(1)) {
      RaftNode node = cluster.start(1);
      List<CompletableFuture<Void>> blocked =
          IntStream.range(0, 500)
              .mapToObj(i -> node.submit(bytes("a")).thenAccept(end -> Scripted.await(latch)))
              .toList();
      assertThat(node.submit(bytes("b")).get(30, TimeUnit.SECONDS))
          .isInstanceOf(Outcome.Applied.class);
      latch.countDown();
      blocked.forEach(CompletableFuture::join);
    }
  }

  @Test
  void callbacksBeyondTheBoundWaitAndNoneIsRefused() {
    ThreadedEnvironment environment = new ThreadedEnvironment("bound");
    CountDownLatch latch = new CountDownLatch(1);
    AtomicInteger begun = new AtomicInteger();
    AtomicInteger done = new AtomicInteger();
    for (int i = 0; i < 1_500; i++) {
      environment
          .callbacks()
          .execute(
              () -> {
                begun.incrementAndGet();
                Scripted.await(latch);
                done.incrementAndGet();
              });
    }
    until("as many as there may be", () -> begun.get() == 1_000);
    latch.countDown();
    until("the rest", () -> done.get() == 1_500);
    environment.shutDown(() -> {});
    until("no threads", () -> threads("quorate-bound-") == 0);
  }

  @Test
  void afterABurstThereAreFewThreadsAgain() {
    ThreadedEnvironment environment = new ThreadedEnvironment("burst");
    CountDownLatch latch = new CountDownLatch(1);
    for (int i = 0; i < 100; i++) {
      environment.callbacks().execute(() -> Scripted.await(latch));
    }
    until("many threads", () -> threads("quorate-burst-callback-") == 100);
    latch.countDown();
    until("few threads", () -> threads("quorate-burst-callback-") <= 4);
    environment.shutDown(() -> {});
  }

  @Test
  void closingRunsWhatWaitsBehindBlockedCallbacks() throws Exception {
    ThreadedEnvironment environment = new ThreadedEnvironment("closing");
    CountDownLatch latch = new CountDownLatch(1);
    for (int i = 0; i < 50; i++) {
      environment.callbacks().execute(() -> Scripted.await(latch));
    }
    environment.callbacks().execute(latch::countDown);
    CompletableFuture<Void> ended = new CompletableFuture<>();
    environment.shutDown(() -> ended.complete(null));
    ended.get(5, TimeUnit.SECONDS);
    assertThat(latch.getCount()).isZero();
  }

  private static long threads(String prefix) {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith(prefix))
        .count();
  }
}
