package dev.quorate.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quorate.examples.keyvalue.KeyValueStore;
import dev.quorate.raft.api.ApplyContext;
import dev.quorate.raft.api.StateMachine;
import dev.quorate.raft.testkit.SimulationTest;
import dev.quorate.raft.testkit.simulation.SimulationFailure;
import dev.quorate.raft.testkit.simulation.SimulationReport;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class KeyValueSimulationTest {

  private static final HashFile HASHES = new HashFile();
  private static final AtomicLong EXPLAINED = new AtomicLong();
  private static final AtomicInteger UNDECIDED = new AtomicInteger();

  @SimulationTest(seeds = 10)
  void keepsWhatWasPut(long seed) {
    try {
      SimulationReport report = KeyValues.simulation(KeyValueStore::new, seed).run();
      EXPLAINED.addAndGet(report.explained());
      HASHES.add(report);
    } catch (SimulationFailure e) {
      if (e.invariant().equals("undecided")) {
        UNDECIDED.incrementAndGet();
      }
      throw e;
    }
  }

  @AfterAll
  static void callsWereJudgedAndRunsAreTheSameInEveryProcess() throws IOException {
    System.out.println(
        "linearizability: " + EXPLAINED + " calls explained, " + UNDECIDED + " runs undecided");
    assertThat(EXPLAINED).hasPositiveValue();
    HASHES.writeOrCompareIfWanted("key-value");
  }

  /** It answers queries from the state before the last command, on every node alike. */
  private static final class Belated implements StateMachine {

    private final KeyValueStore now = new KeyValueStore();
    private final KeyValueStore before = new KeyValueStore();
    private ApplyContext context;
    private ByteBuffer last;

    @Override
    public byte[] apply(ApplyContext of, ByteBuffer command) {
      if (last != null) {
        before.apply(context, last);
      }
      context = of;
      last = command.duplicate();
      return now.apply(of, command);
    }

    @Override
    public byte[] query(ByteBuffer query) {
      return before.query(query);
    }
  }

  /** The log gives those answers, so that only a model knows better. */
  @Test
  void whatEveryNodeDoesWrongIsFoundByTheModel() {
    assertThatThrownBy(() -> KeyValues.simulation(Belated::new, 1).faults().run())
        .isInstanceOfSatisfying(
            SimulationFailure.class, it -> assertThat(it.invariant()).isEqualTo("linearizability"))
        .hasMessageContaining("NOT LINEARIZABLE: no order of the operations on key ");
  }
}
