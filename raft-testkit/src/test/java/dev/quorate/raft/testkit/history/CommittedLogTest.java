package dev.quorate.raft.testkit.history;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CommittedLogTest {

  private final History<String, String> history = new History<>();

  @BeforeEach
  void fourCommands() {
    history.invoke("a", "first", 1).returned("ok", 2);
    history.invoke("b", "refused", 3).failed("no leader", 4);
    history.invoke("b", "perhaps", 5).unknown("timeout", 8);
    history.invoke("a", "last", 6).returned("ok", 7);
  }

  private static CommittedLog<String> log(String... commands) {
    List<CommittedLog.Entry<String>> entries = new ArrayList<>();
    for (String command : commands) {
      entries.add(new CommittedLog.Entry<>(10 + 2L * entries.size(), command));
    }
    return new CommittedLog<>(entries);
  }

  private void allHold(CommittedLog<String> log) {
    log.requireNothingLost(history.operations());
    log.requireExactlyOnce(history.operations());
    log.requireSessionOrder(history.operations());
    log.requireRealTimeOrder(history.operations());
  }

  private static void violated(Runnable check, String message) {
    assertThatThrownBy(check::run).isInstanceOf(AssertionError.class).hasMessageContaining(message);
  }

  @Test
  void anUnknownCommandMayBeThereAndMayNot() {
    allHold(log("first", "perhaps", "last"));
    allHold(log("first", "last", "perhaps"));
    allHold(log("first", "last"));
  }

  @Test
  void anAcknowledgedCommandIsNotLost() {
    violated(() -> log("first").requireNothingLost(history.operations()), "not in the log: #3 a");
    violated(() -> log("first").requireExactlyOnce(history.operations()), "not in the log: #3 a");
  }

  @Test
  void aFailedCommandIsNotThere() {
    violated(
        () -> log("first", "refused", "last").requireExactlyOnce(history.operations()),
        "failed, and yet Entry[index=12, command=refused]");
  }

  @Test
  void noCommandIsThereTwice() {
    violated(
        () -> log("first", "last", "first").requireExactlyOnce(history.operations()),
        "twice, at 10 and as Entry[index=14, command=first]");
    violated(
        () -> log("first", "perhaps", "perhaps", "last").requireExactlyOnce(history.operations()),
        "twice, at 12");
  }

  @Test
  void nothingIsThereThatNobodyAskedFor() {
    violated(
        () -> log("first", "last", "strange").requireExactlyOnce(history.operations()),
        "nobody asked for Entry[index=14, command=strange]");
  }

  @Test
  void aSessionKeepsItsOrderWhateverItHeard() {
    history.invoke("b", "after perhaps", 9).returned("ok", 10);
    log("first", "last", "perhaps", "after perhaps").requireSessionOrder(history.operations());
    log("first", "last", "after perhaps").requireSessionOrder(history.operations());
    log("first", "last", "after perhaps", "perhaps").requireRealTimeOrder(history.operations());
    violated(
        () ->
            log("first", "last", "after perhaps", "perhaps")
                .requireSessionOrder(history.operations()),
        "at 14, before its client's earlier #2 b");
  }

  @Test
  void whatWasAcknowledgedStandsBeforeWhatBeganLater() {
    violated(
        () -> log("last", "first").requireRealTimeOrder(history.operations()),
        "at 10, before #0 a [1..2] first -> ok, which ended before it began: #3 a");
    history.invoke("c", "very last", 9).returned("ok", 10);
    violated(
        () -> log("first", "very last", "last").requireRealTimeOrder(history.operations()),
        "at 12, before #3 a");
    violated(
        () -> log("perhaps", "first", "last").requireRealTimeOrder(history.operations()),
        "at 10, before #0 a");
  }

  @Test
  void indexesRise() {
    CommittedLog.Entry<String> entry = new CommittedLog.Entry<>(3, "first");
    assertThatThrownBy(() -> new CommittedLog<>(List.of(entry, entry)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void commandsMustDiffer() {
    history.invoke("c", "first", 9);
    assertThatThrownBy(() -> log("first", "last").requireExactlyOnce(history.operations()))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
