package dev.quorate.raft.testkit.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quorate.raft.testkit.history.CounterModel.Add;
import dev.quorate.raft.testkit.history.KeyedModel.Keyed;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;

class HistoryTest {

  @Test
  void aCallEndsOnce() {
    History<String, String> history = new History<>();
    History<String, String>.Call call = history.invoke("a", "x", 1);
    call.unknown("timeout", 2);
    assertThatThrownBy(() -> call.returned("late", 3)).isInstanceOf(IllegalStateException.class);
    assertThat(history).hasToString("#0 a [1..] x unknown since 2: timeout");
  }

  @Test
  void noCallEndsBeforeItBegan() {
    History<String, String> history = new History<>();
    History<String, String>.Call call = history.invoke("a", "x", 5);
    assertThatThrownBy(() -> call.failed("refused", 4))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void whatWasReadDoesNotChange() {
    History<String, String> history = new History<>();
    History<String, String>.Call call = history.invoke("a", "x", 1);
    List<Operation<String, String>> before = history.operations();
    call.returned("y", 2);
    assertThat(before).map(Operation::toString).containsExactly("#0 a [1..] x pending");
    assertThat(history.operations()).map(Operation::toString).containsExactly("#0 a [1..2] x -> y");
  }

  /** Threads on real counters: the history of a linearizable object is found to be one. */
  @Test
  void threadsRecordTogether() throws InterruptedException {
    int keys = 100;
    int each = 12_500;
    AtomicIntegerArray counters = new AtomicIntegerArray(keys);
    History<Keyed<Integer, Add>, Long> history = new History<>();
    long start = System.nanoTime();
    List<Thread> threads = new ArrayList<>();
    for (int t = 0; t < 4; t++) {
      String client = "c" + t;
      threads.add(
          new Thread(
              () -> {
                for (int i = 0; i < each; i++) {
                  History<Keyed<Integer, Add>, Long>.Call call =
                      history.invoke(
                          client, new Keyed<>(i % keys, new Add(1)), System.nanoTime() - start);
                  long sum = counters.incrementAndGet(i % keys);
                  call.returned(sum, System.nanoTime() - start);
                }
              }));
    }
    threads.forEach(Thread::start);
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(history.operations()).hasSize(4 * each);
    Linearizability.check(new KeyedModel<>(new CounterModel()), history.operations())
        .requireLinearizable();
  }
}
