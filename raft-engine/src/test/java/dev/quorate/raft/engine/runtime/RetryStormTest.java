package dev.quorate.raft.engine.runtime;

import static dev.quorate.raft.engine.runtime.Register.bytes;
import static dev.quorate.raft.engine.runtime.Register.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.raft.api.Outcome;
import dev.quorate.raft.api.RejectReason;
import dev.quorate.raft.api.Session;
import dev.quorate.raft.api.SessionOutcome;
import dev.quorate.raft.api.config.Settings;
import dev.quorate.raft.engine.runtime.LoneNode.Mood;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a client repeats while its cluster is out of order, and afterwards. In virtual time. */
@Timeout(60)
class RetryStormTest {

  private static final int SESSIONS = 10;
  private static final int COMMANDS = 4;
  private static final int BUDGET = 20;

  /** How many repetitions time pays for in a minute. */
  private static final int MINUTE = 120;

  private static final Duration SHORT = Duration.ofSeconds(5);
  private static final Duration LONG = Duration.ofMinutes(5);

  private final ManualEnvironment environment = new ManualEnvironment(1);
  private final LoneNode node = new LoneNode(environment);
  private final RemoteClient client =
      RemoteClient.start(
          new ClientOptions(
              "client",
              "test",
              List.of(node.address()),
              node,
              Settings.empty().with("raft.client.retry-budget", String.valueOf(BUDGET))),
          environment);

  private List<CompletableFuture<SessionOutcome>> opening(int count, Duration deadline) {
    return IntStream.range(0, count).mapToObj(i -> client.openSession(deadline)).toList();
  }

  private List<Session> open(int count) {
    List<CompletableFuture<SessionOutcome>> opening = opening(count, SHORT);
    environment.advance(1_000);
    return opening.stream().map(outcome -> ended(outcome).orThrow()).toList();
  }

  private static List<CompletableFuture<Outcome>> submit(
      List<Session> sessions, int first, int count, Duration deadline) {
    List<CompletableFuture<Outcome>> ends = new ArrayList<>();
    for (Session session : sessions) {
      for (int i = first; i < first + count; i++) {
        ends.add(session.submit(bytes(session.id() + ":" + i), deadline));
      }
    }
    return ends;
  }

  /** What has to have ended by now: nobody else would end it while the test waits. */
  private static <T> T ended(CompletableFuture<T> call) {
    assertThat(call).isCompleted();
    return call.join();
  }

  /** Lets everything take its time and tells how often the node was asked something. */
  private int askedWithin(int seconds) {
    int before = node.asked;
    environment.advance(seconds * 1_000L);
    return node.asked - before;
  }

  @Test
  void theStormOfAnOutageIsBoundedAndTheSessionsGoOnWhenItIsOver() {
    List<Session> sessions = open(SESSIONS);
    node.mood = Mood.DOUBTS;
    List<CompletableFuture<Outcome>> during = submit(sessions, 0, COMMANDS, SHORT);
    int firstAttempts = SESSIONS * COMMANDS;
    int asked = askedWithin(6);
    assertThat(during)
        .allSatisfy(end -> assertThat(ended(end)).isInstanceOf(Outcome.Unknown.class));

    int rung = environment.rung;
    asked += askedWithin(54);
    assertThat(asked)
        .as("what was paid for was also used")
        .isBetween(firstAttempts + MINUTE, firstAttempts + BUDGET + MINUTE);
    assertThat(environment.rung - rung).as("turns of those who wait").isLessThan(1_000);

    node.mood = Mood.WORKS;
    int successes = node.successes;
    List<CompletableFuture<Outcome>> after = submit(sessions, COMMANDS, COMMANDS, LONG);
    asked = askedWithin(60);
    assertThat(asked)
        .isLessThanOrEqualTo(firstAttempts + BUDGET + MINUTE + (node.successes - successes) / 10);
    assertThat(after).allSatisfy(end -> assertThat(end).isCompleted());
    for (int i = 0; i < after.size(); i++) {
      String command = sessions.get(i / COMMANDS).id() + ":" + (COMMANDS + i % COMMANDS);
      assertThat(text(ended(after.get(i)).resultOrThrow())).isEqualTo(command);
    }
    for (Session session : sessions) {
      assertThat(node.applied.stream().filter(command -> command.startsWith(session.id() + ":")))
          .as("each once, in order")
          .containsExactlyElementsOf(
              IntStream.range(0, 2 * COMMANDS).mapToObj(i -> session.id() + ":" + i).toList());
    }
  }

  @Test
  void withoutAnOutageNothingWaits() {
    List<Session> sessions = open(SESSIONS);
    List<CompletableFuture<Outcome>> ends = submit(sessions, 0, 100, SHORT);
    environment.advance(1);
    assertThat(ends).allSatisfy(end -> assertThat(ended(end)).isInstanceOf(Outcome.Applied.class));
  }

  @Test
  void whatSessionsRepeatIsNoLongerThereForOtherCalls() {
    List<Session> sessions = open(SESSIONS);
    node.mood = Mood.REFUSES;
    CompletableFuture<Outcome> early = client.submit(bytes("x"), SHORT);
    environment.advance(50);
    assertThat(node.asked).as("it is repeated").isGreaterThan(SESSIONS + 1);
    submit(sessions, 0, COMMANDS, LONG);
    environment.advance(2_000);
    assertThat(early).isCompleted();
    int asked = node.asked;
    CompletableFuture<Outcome> late = client.submit(bytes("y"), SHORT);
    environment.advance(1);
    assertThat(node.asked).isEqualTo(asked + 1);
    assertThat(((Outcome.Rejected) ended(late)).reason()).isEqualTo(RejectReason.NO_LEADER);
  }

  @Test
  void whatOtherCallsRepeatIsNoLongerThereForSessions() {
    List<Session> sessions = open(1);
    node.mood = Mood.REFUSES;
    for (int i = 0; i < BUDGET; i++) {
      client.submit(bytes("x"), SHORT);
    }
    environment.advance(100);
    int asked = node.asked;
    CompletableFuture<Outcome> end = submit(sessions, 0, 1, LONG).get(0);
    environment.advance(100);
    assertThat(node.asked).as("an attempt, and no repetition").isEqualTo(asked + 1);
    node.mood = Mood.WORKS;
    environment.advance(10_000);
    assertThat(ended(end)).isInstanceOf(Outcome.Applied.class);
  }

  /** Submits something that is refused, and tells how often it was repeated. */
  private int repetitions() {
    node.mood = Mood.REFUSES;
    int asked = node.asked;
    CompletableFuture<Outcome> end = client.submit(bytes("x"), SHORT);
    environment.advance(50);
    assertThat(ended(end)).isInstanceOf(Outcome.Rejected.class);
    return node.asked - asked - 1;
  }

  @Test
  void onlyWhatTheClusterHasDoneFillsTheBudget() {
    node.mood = Mood.REFUSES;
    for (int i = 0; i < BUDGET; i++) {
      client.submit(bytes("x"), SHORT);
    }
    environment.advance(50);
    assertThat(repetitions()).isZero();
    node.mood = Mood.DOUBTS;
    for (int i = 0; i < 50; i++) {
      client.submit(bytes("y"), SHORT);
    }
    environment.advance(1);
    assertThat(repetitions()).isZero();
    node.mood = Mood.WORKS;
    for (int i = 0; i < 5; i++) {
      client.submit(bytes("z"), SHORT);
      client.read(bytes(""), SHORT);
    }
    environment.advance(1);
    assertThat(repetitions()).isEqualTo(1);
  }

  @Test
  void anOpeningWaitsForTheBudgetAndSucceedsWhenTheOutageIsOver() {
    node.mood = Mood.REFUSES;
    int count = BUDGET / 2;
    List<CompletableFuture<SessionOutcome>> impatient = opening(count, Duration.ofSeconds(30));
    List<CompletableFuture<SessionOutcome>> patient = opening(count, LONG);
    assertThat(askedWithin(60)).isBetween(2 * count + MINUTE, 2 * count + BUDGET + MINUTE);
    assertThat(impatient)
        .allSatisfy(end -> assertThat(ended(end)).isInstanceOf(SessionOutcome.Refused.class));
    assertThat(patient).noneMatch(CompletableFuture::isDone);
    node.mood = Mood.WORKS;
    environment.advance(10_000);
    assertThat(patient)
        .allSatisfy(end -> assertThat(ended(end)).isInstanceOf(SessionOutcome.Opened.class));
  }

  @Test
  void openingsForWhichTheBudgetIsFarTooSmallEndAsRefused() {
    node.mood = Mood.REFUSES;
    int count = 10 * BUDGET;
    List<CompletableFuture<SessionOutcome>> all = opening(count, Duration.ofSeconds(30));
    assertThat(askedWithin(1)).isBetween(count + BUDGET, count + BUDGET + 2);
    assertThat(all).filteredOn(end -> !end.isDone()).as("who wait").hasSizeBetween(15, BUDGET);
    assertThat(askedWithin(59)).isLessThanOrEqualTo(MINUTE);
    assertThat(all)
        .allSatisfy(end -> assertThat(ended(end)).isInstanceOf(SessionOutcome.Refused.class));
  }
}
