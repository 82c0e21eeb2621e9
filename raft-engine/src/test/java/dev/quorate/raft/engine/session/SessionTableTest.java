package dev.quorate.raft.engine.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quorate.raft.api.Outcome;
import dev.quorate.raft.api.RejectReason;
import dev.quorate.raft.engine.message.ClusterSettings;
import dev.quorate.raft.engine.message.SessionRequest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class SessionTableTest {

  private final Sheet sheet = Sheet.withSettings();

  private static String result(Outcome outcome) {
    assertThat(outcome).isInstanceOf(Outcome.Applied.class);
    return new String(((Outcome.Applied) outcome).result(), StandardCharsets.UTF_8);
  }

  private static void assertRejected(Outcome outcome, RejectReason reason) {
    assertThat(outcome).isInstanceOf(Outcome.Rejected.class);
    assertThat(((Outcome.Rejected) outcome).reason()).isEqualTo(reason);
  }

  @Test
  void aSessionsIdIsTheIndexOfTheEntryThatOpensIt() {
    assertThat(sheet.open()).isEqualTo(2);
    assertThat(sheet.open()).isEqualTo(3);
    assertThat(sheet.table.size()).isEqualTo(2);
  }

  @Test
  void theNextCommandIsAppliedAndARepetitionGetsTheResultOfThatTime() {
    long session = sheet.open();
    Outcome first = sheet.command(session, 1, 0, "a");
    assertThat(result(first)).isEqualTo("a#1");
    assertThat(result(sheet.command(session, 2, 0, "b"))).isEqualTo("b#2");
    Outcome again = sheet.command(session, 1, 0, "a");
    assertThat(result(again)).isEqualTo("a#1");
    assertThat(((Outcome.Applied) again).index()).isEqualTo(((Outcome.Applied) first).index());
    assertThat(sheet.applied).containsExactly("a", "b");
  }

  @Test
  void whatComesTooEarlyIsRefusedAndMayComeAgain() {
    long session = sheet.open();
    assertRejected(sheet.command(session, 2, 0, "b"), RejectReason.OUT_OF_ORDER);
    sheet.command(session, 1, 0, "a");
    assertThat(result(sheet.command(session, 2, 0, "b"))).isEqualTo("b#2");
  }

  @Test
  void anotherCommandUnderTheSameNumberIsNotTakenForARepetition() {
    long session = sheet.open();
    sheet.command(session, 1, 0, "a");
    assertRejected(sheet.command(session, 1, 0, "x"), RejectReason.SEQUENCE_REUSED);
    assertThat(sheet.applied).containsExactly("a");
  }

  @Test
  void aSkipTakesPlacesAndAppliesNothing() {
    long session = sheet.open();
    sheet.command(session, 1, 0, "a");
    assertRejected(
        sheet.apply(new SessionRequest.Skip(session, 3, 0, 4)), RejectReason.OUT_OF_ORDER);
    assertThat(result(sheet.apply(new SessionRequest.Skip(session, 1, 0, 3)))).isEmpty();
    assertThat(result(sheet.apply(new SessionRequest.Skip(session, 1, 0, 2)))).isEmpty();
    assertThat(result(sheet.command(session, 1, 0, "a"))).isEqualTo("a#1");
    assertRejected(sheet.command(session, 2, 0, "b"), RejectReason.SEQUENCE_REUSED);
    assertRejected(sheet.command(session, 3, 0, "c"), RejectReason.SEQUENCE_REUSED);
    assertThat(result(sheet.command(session, 4, 0, "d"))).isEqualTo("d#2");
  }

  @Test
  void acknowledgedResultsAreDroppedAndNoOthers() {
    long session = sheet.open();
    sheet.command(session, 1, 0, "a");
    sheet.command(session, 2, 0, "b");
    sheet.command(session, 3, 1, "c");
    assertThat(sheet.command(session, 1, 0, "a")).isInstanceOf(Outcome.Unknown.class);
    assertThat(result(sheet.command(session, 2, 0, "b"))).isEqualTo("b#2");
    assertThat(sheet.applied).containsExactly("a", "b", "c");
  }

  @Test
  void nobodyAcknowledgesWhatIsNotAppliedNorTheCommandItself() {
    long session = sheet.open();
    sheet.command(session, 1, Long.MAX_VALUE, "a");
    assertThat(result(sheet.command(session, 1, Long.MAX_VALUE, "a"))).isEqualTo("a#1");
  }

  @Test
  void aFullSessionRefusesTheNextCommandUntilSomeAreAcknowledged() {
    long session = sheet.open();
    for (int i = 1; i <= 4; i++) {
      sheet.command(session, i, 0, "c" + i);
    }
    assertRejected(sheet.command(session, 5, 0, "c5"), RejectReason.OVER_LIMIT);
    assertThat(result(sheet.command(session, 1, 0, "c1"))).isEqualTo("c1#1");
    assertThat(result(sheet.command(session, 5, 1, "c5"))).isEqualTo("c5#5");
  }

  @Test
  void oneResultIsAlwaysKeptHoweverLong() {
    long session = sheet.open();
    sheet.command(session, 1, 0, "x".repeat(1_000));
    assertRejected(sheet.command(session, 2, 0, "b"), RejectReason.OVER_LIMIT);
    assertThat(result(sheet.command(session, 2, 1, "y".repeat(1_000)))).startsWith("yyy");
  }

  @Test
  void aFullTableRefusesTheNewcomerAndNobodyElse() {
    long session = sheet.open();
    sheet.open();
    sheet.open();
    assertRejected(sheet.apply(new SessionRequest.Open()), RejectReason.TOO_MANY_SESSIONS);
    assertThat(result(sheet.command(session, 1, 0, "a"))).isEqualTo("a#1");
    sheet.apply(new SessionRequest.Close(session));
    assertThat(sheet.open()).isPositive();
  }

  @Test
  void nothingIsAppliedInASessionThatExpiredOrWasClosedOrNeverWas() {
    long expired = sheet.open();
    sheet.command(expired, 1, 0, "a");
    sheet.pass(1_001);
    assertRejected(sheet.command(expired, 1, 0, "a"), RejectReason.SESSION_EXPIRED);
    assertRejected(sheet.command(expired, 2, 0, "b"), RejectReason.SESSION_EXPIRED);
    long closed = sheet.open();
    assertThat(result(sheet.apply(new SessionRequest.Close(closed)))).isEmpty();
    assertRejected(sheet.command(closed, 1, 0, "c"), RejectReason.SESSION_EXPIRED);
    assertRejected(sheet.apply(new SessionRequest.Close(closed)), RejectReason.SESSION_EXPIRED);
    assertRejected(sheet.apply(new SessionRequest.KeepAlive(99)), RejectReason.SESSION_EXPIRED);
    assertThat(sheet.applied).containsExactly("a");
  }

  @Test
  void whoeverAsksLivesForAnotherTimeout() {
    long asks = sheet.open();
    long submits = sheet.open();
    long silent = sheet.open();
    sheet.pass(1_000);
    sheet.apply(new SessionRequest.KeepAlive(asks));
    sheet.command(submits, 1, 0, "a");
    sheet.pass(1);
    assertRejected(sheet.apply(new SessionRequest.KeepAlive(silent)), RejectReason.SESSION_EXPIRED);
    sheet.pass(999);
    result(sheet.apply(new SessionRequest.KeepAlive(asks)));
    result(sheet.command(submits, 2, 0, "b"));
  }

  /** A full table would otherwise turn away those whom the expired have made room for. */
  @Test
  void sessionsExpireBeforeTheEntryThatBringsTheTimeIsLookedAt() {
    sheet.open();
    sheet.open();
    sheet.open();
    sheet.pass(1_001);
    sheet.open();
    assertThat(sheet.table.size()).isEqualTo(1);
  }

  /** Rule P11: a leader whose wall clock is a year ahead expires nothing. */
  @Test
  @Tag("pitfall-54")
  void wallTimeExpiresNothing() {
    long session = sheet.open();
    sheet.wall(365L * 24 * 3_600 * 1_000);
    result(sheet.command(session, 1, 0, "a"));
    sheet.wall(0);
    result(sheet.command(session, 2, 0, "b"));
  }

  @Test
  void theFirstSettingsThatFollowAreInEffect() {
    Sheet fresh = new Sheet();
    assertRejected(fresh.apply(new SessionRequest.Open()), RejectReason.OVER_LIMIT);
    fresh.settings(new ClusterSettings(1, 1, 1, 1, 1_000, false));
    assertRejected(
        fresh.settings(new ClusterSettings(1, 9, 9, 9, 9, false)), RejectReason.SUPERSEDED);
    assertRejected(
        fresh.settings(new ClusterSettings(3, 9, 9, 9, 9, false)), RejectReason.SUPERSEDED);
    assertThat(fresh.table.settings()).isEqualTo(new ClusterSettings(1, 1, 1, 1, 1_000, false));
    fresh.settings(new ClusterSettings(2, 2, 2, 2, 2_000, false));
    assertThat(fresh.table.settings().maxSessions()).isEqualTo(2);
  }

  @Test
  void lowerBoundsTurnAwayNewcomersAndEvictNobody() {
    long first = sheet.open();
    long second = sheet.open();
    sheet.command(first, 1, 0, "a");
    sheet.command(first, 2, 0, "b");
    sheet.settings(new ClusterSettings(2, 1, 1, 100, 1_000, false));
    assertRejected(sheet.apply(new SessionRequest.Open()), RejectReason.TOO_MANY_SESSIONS);
    assertRejected(sheet.command(first, 3, 0, "c"), RejectReason.OVER_LIMIT);
    assertThat(result(sheet.command(first, 1, 0, "a"))).isEqualTo("a#1");
    assertThat(result(sheet.command(second, 1, 0, "x"))).isEqualTo("x#3");
  }

  @Test
  void aCommandAtWhichTheStateMachineFailsIsNotThere() {
    long session = sheet.open();
    assertThatThrownBy(() -> sheet.command(session, 1, 0, "fail"))
        .isInstanceOf(IllegalStateException.class);
    assertThat(result(sheet.command(session, 1, 0, "mended"))).isEqualTo("mended#1");
  }

  @Test
  void theCommandIsTheBytesBehindTheHeader() {
    long session = sheet.open();
    ByteBuffer command = ByteBuffer.wrap(Sheet.bytes("xay"));
    command.position(1).limit(2);
    result(sheet.apply(new SessionRequest.Command(session, 1, 0, command)));
    assertThat(sheet.applied).containsExactly("a");
  }
}
