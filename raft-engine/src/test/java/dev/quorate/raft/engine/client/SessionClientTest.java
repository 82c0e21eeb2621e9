package dev.quorate.raft.engine.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.raft.api.Outcome;
import dev.quorate.raft.api.RejectReason;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class SessionClientTest {

  private static final int SEEDS = 1_500;

  /**
   * Commands through a network that loses and delays; now and then the process ends, and another
   * goes on with the session and submits again what was submitted from some place on. Every second
   * time repetitions are scarce.
   */
  @Test
  void everyCommandIsAppliedOnceInItsOrderOrNotAtAllAsItsEndSays() {
    int[] ends = new int[3];
    for (long seed = 1; seed <= SEEDS; seed++) {
      run(seed, ends);
    }
    assertThat(ends[0]).as("applied").isGreaterThan(10_000);
    assertThat(ends[1]).as("rejected").isGreaterThan(100);
    assertThat(ends[2]).as("unknown").isGreaterThan(100);
  }

  private static void run(long seed, int[] counts) {
    Rig rig = new Rig(seed);
    if (seed % 2 == 0) {
      rig.budget = new Drip(40 * Rig.MILLI);
    }
    TestClient process = TestClient.open(rig);
    long id = 2;
    TreeMap<String, Outcome> ends = new TreeMap<>();
    List<String> order = new ArrayList<>();
    int next = 0;
    for (int step = 0; step < 40; step++) {
      rig.runUntil(rig.now() + rig.random.nextLong(60 * Rig.MILLI));
      if (rig.random.nextInt(12) == 0) {
        process = crash(rig, process, id, ends);
      } else {
        for (int i = rig.random.nextInt(4); i > 0; i--) {
          String text = String.format("c%04d%s", next++, kind(rig));
          order.add(text);
          process.submit(text, rig.random.nextInt(10) == 0 ? 30 : 2_000);
        }
      }
    }
    rig.calmDown();
    rig.runUntil(rig.now() + 30_000 * Rig.MILLI);
    collect(process, ends);
    judge(seed, rig, order, ends, counts);
    process.close(1_000);
    rig.runUntil(rig.now() + 5_000 * Rig.MILLI);
    assertThat(process.closed).as("seed " + seed).isTrue();
    assertThat(rig.sessions()).as("seed " + seed).isZero();
  }

  private static String kind(Rig rig) {
    return switch (rig.random.nextInt(20)) {
      case 0 -> Rig.INVALID;
      case 1 -> Rig.DOUBTFUL;
      default -> "";
    };
  }

  private static void collect(TestClient process, Map<String, Outcome> ends) {
    process.ends.forEach((number, end) -> ends.put(process.commands.get(number), end));
  }

  private static TestClient crash(Rig rig, TestClient process, long id, Map<String, Outcome> ends) {
    if (rig.random.nextBoolean()) {
      process.stop();
    }
    long resumesAt = process.client().firstUnresolved();
    process.crash();
    collect(process, ends);
    TestClient second = TestClient.resume(rig, id, resumesAt);
    process.commands.tailMap(resumesAt).values().forEach(command -> second.submit(command, 2_000));
    return second;
  }

  private static void judge(
      long seed, Rig rig, List<String> order, Map<String, Outcome> ends, int[] counts) {
    String at = "seed " + seed;
    assertThat(rig.applied).as(at).doesNotHaveDuplicates();
    List<String> inOrder = new ArrayList<>(rig.applied);
    Collections.sort(inOrder);
    assertThat(rig.applied).as(at).isEqualTo(inOrder);
    assertThat(rig.applied).as(at).noneMatch(text -> text.endsWith(Rig.INVALID));
    for (String text : order) {
      Outcome end = ends.get(text);
      assertThat(end).as(at + ", " + text).isNotNull();
      if (end instanceof Outcome.Applied done) {
        counts[0]++;
        assertThat(done.result()[0])
            .as(at + ", " + text)
            .isEqualTo((byte) (rig.applied.indexOf(text) + 1));
      } else if (end instanceof Outcome.Rejected) {
        counts[1]++;
        assertThat(rig.applied).as(at).doesNotContain(text);
      } else {
        counts[2]++;
      }
    }
  }

  private static RejectReason reason(Outcome outcome) {
    assertThat(outcome).isInstanceOf(Outcome.Rejected.class);
    return ((Outcome.Rejected) outcome).reason();
  }

  @Test
  void aCommandThatIsRefusedEndsAtOnceAndThoseBehindItGoOn() {
    Rig rig = new Rig(1);
    rig.calmDown();
    TestClient process = TestClient.open(rig);
    long refused = process.submit("a" + Rig.INVALID, 10_000);
    long behind = process.submit("b", 10_000);
    rig.runUntil(200 * Rig.MILLI);
    assertThat(reason(process.ends.get(refused))).isEqualTo(RejectReason.INVALID);
    assertThat(process.ends.get(behind)).isInstanceOf(Outcome.Applied.class);
    assertThat(process.client().firstUnresolved()).isEqualTo(behind + 1);
    assertThat(rig.applied).containsExactly("b");
  }

  @Test
  void anEmptyPlaceThatIsRefusedIsTriedAgainAfterPauses() {
    Rig rig = new Rig(1);
    rig.calmDown();
    TestClient process = TestClient.open(rig);
    rig.refuseAll(true);
    long refused = process.submit("a", 10_000);
    rig.runUntil(1_000 * Rig.MILLI);
    assertThat(reason(process.ends.get(refused))).isEqualTo(RejectReason.INVALID);
    assertThat(rig.refusals).isLessThan(20);
    rig.refuseAll(false);
    long behind = process.submit("b", 10_000);
    rig.runUntil(3_000 * Rig.MILLI);
    assertThat(process.ends.get(behind)).isInstanceOf(Outcome.Applied.class);
  }

  @Test
  void aRepetitionWaitsForTheBudgetAndWhatIsBehindItWaitsWithIt() {
    Rig rig = new Rig(1);
    rig.calmDown();
    Drip drip = new Drip(40 * Rig.MILLI);
    rig.budget = drip;
    drip.nextNanos = 600 * Rig.MILLI;
    TestClient process = TestClient.open(rig);
    rig.loseAll(true);
    long first = process.submit("a", 500);
    long second = process.submit("b", 500);
    rig.runUntil(100 * Rig.MILLI);
    rig.loseAll(false);
    long behind = process.submit("c", 800);
    rig.runUntil(599 * Rig.MILLI);
    assertThat(rig.sent).as("a first attempt of each that was not behind").isEqualTo(2);
    assertThat(process.ends).containsOnlyKeys(first, second);
    assertThat(process.ends.values()).hasOnlyElementsOfType(Outcome.Unknown.class);
    assertThat(rig.applied).isEmpty();
    rig.runUntil(639 * Rig.MILLI);
    assertThat(rig.applied).containsExactly("a");
    rig.runUntil(700 * Rig.MILLI);
    assertThat(rig.applied).containsExactly("a", "b", "c");
    assertThat(process.ends.get(behind)).isInstanceOf(Outcome.Applied.class);
  }

  @Test
  void whatASessionAsksForItselfWaitsForTheBudgetAsWell() {
    Rig rig = new Rig(1);
    rig.calmDown();
    TestClient.open(rig).crash();
    Drip drip = new Drip(40 * Rig.MILLI);
    drip.nextNanos = 600 * Rig.MILLI;
    rig.budget = drip;
    rig.loseAll(true);
    TestClient second = TestClient.resume(rig, 2, 1);
    long number = second.submit("a", 1_000);
    rig.runUntil(599 * Rig.MILLI);
    assertThat(rig.sent).as("asked once where the session stands").isEqualTo(1);
    rig.loseAll(false);
    rig.runUntil(700 * Rig.MILLI);
    assertThat(second.ends.get(number)).isInstanceOf(Outcome.Applied.class);
  }

  @Test
  void anIdleSessionIsKeptAliveAndOneWhoseProcessIsGoneExpires() {
    Rig rig = new Rig(1);
    rig.calmDown();
    TestClient idle = TestClient.open(rig);
    TestClient gone = TestClient.open(rig);
    gone.crash();
    rig.runUntil(20_000 * Rig.MILLI);
    assertThat(rig.sessions()).isEqualTo(1);
    assertThat(idle.client().isExpired()).isFalse();
    long number = idle.submit("a", 1_000);
    rig.runUntil(21_000 * Rig.MILLI);
    assertThat(idle.ends.get(number)).isInstanceOf(Outcome.Applied.class);
  }

  @Test
  void afterExpiryWhatWasNeverSentIsRejectedAndWhatMayHaveBeenIsUnknown() {
    Rig rig = new Rig(1);
    rig.calmDown();
    TestClient first = TestClient.open(rig);
    first.submit("a", 1_000);
    rig.runUntil(100 * Rig.MILLI);
    first.crash();
    rig.runUntil(10_000 * Rig.MILLI);
    TestClient second = TestClient.resume(rig, 2, 1);
    long repeated = second.submit("a", 1_000);
    rig.runUntil(11_000 * Rig.MILLI);
    assertThat(second.client().isExpired()).isTrue();
    assertThat(second.ends.get(repeated)).isInstanceOf(Outcome.Unknown.class);
    assertThat(rig.applied).containsExactly("a");
  }

  @Test
  void aSessionThatIsClosedElsewhereTakesNothingMore() {
    Rig rig = new Rig(1);
    rig.calmDown();
    TestClient first = TestClient.open(rig);
    TestClient.resume(rig, 2, 1).close(1_000);
    rig.runUntil(100 * Rig.MILLI);
    long sent = first.submit("a", 1_000);
    rig.runUntil(200 * Rig.MILLI);
    long later = first.submit("b", 1_000);
    assertThat(reason(first.ends.get(sent))).isEqualTo(RejectReason.SESSION_EXPIRED);
    assertThat(reason(first.ends.get(later))).isEqualTo(RejectReason.SESSION_EXPIRED);
    assertThat(first.client().isExpired()).isTrue();
    first.close(1_000);
    assertThat(first.closed).isTrue();
  }

  @Test
  void aProcessThatIsStoppedKnowsWhereAnotherGoesOn() {
    Rig rig = new Rig(1);
    rig.calmDown();
    TestClient process = TestClient.open(rig);
    assertThat(process.client().firstUnresolved()).isEqualTo(1);
    process.submit("a", 1_000);
    assertThat(process.client().firstUnresolved()).isEqualTo(1);
    rig.runUntil(100 * Rig.MILLI);
    assertThat(process.client().firstUnresolved()).isEqualTo(2);
    process.stop();
    long late = process.submit("b", 1_000);
    assertThat(reason(process.ends.get(late))).isEqualTo(RejectReason.CLOSED);
    assertThat(process.client().firstUnresolved()).isEqualTo(2);
  }
}
