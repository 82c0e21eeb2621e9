package dev.quorate.raft.engine.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class MailboxTest {

  private final List<Runnable> executor = new ArrayList<>();
  private final List<String> heard = new ArrayList<>();
  private final Mailbox mailbox =
      new Mailbox(
          executor::add,
          2,
          () -> heard.add("begin"),
          () -> heard.add("end"),
          fault -> heard.add("fault " + fault.getMessage()));

  private void runOne() {
    executor.remove(0).run();
  }

  @Test
  void lanesGoInOrderWithinATurn() {
    mailbox.post(1, () -> heard.add("low"));
    mailbox.post(0, () -> heard.add("high"));
    assertThat(executor).hasSize(1);
    runOne();
    assertThat(heard).containsExactly("begin", "high", "low", "end");
    assertThat(executor).isEmpty();
  }

  @Test
  void aTurnIsBoundedAndAFloodInOneLaneLeavesRoomForTheOther() {
    for (int i = 0; i < 1_000; i++) {
      mailbox.post(0, () -> heard.add("high"));
    }
    mailbox.post(1, () -> heard.add("low"));
    runOne();
    assertThat(heard).hasSize(2 + 256 + 1).contains("low");
    assertThat(executor).hasSize(1);
    while (!executor.isEmpty()) {
      runOne();
    }
    assertThat(heard.stream().filter("high"::equals)).hasSize(1_000);
  }

  @Test
  void anExceptionIsToldAndTheTurnGoesOn() {
    mailbox.post(
        0,
        () -> {
          throw new IllegalStateException("x");
        });
    mailbox.post(0, () -> heard.add("next"));
    runOne();
    assertThat(heard).containsExactly("begin", "fault x", "next", "end");
  }

  @Test
  void anErrorIsToldAndThrownOnAndNothingIsLost() {
    mailbox.post(
        0,
        () -> {
          throw new AssertionError("x");
        });
    mailbox.post(0, () -> heard.add("next"));
    assertThatThrownBy(this::runOne).isInstanceOf(AssertionError.class);
    runOne();
    assertThat(heard).containsExactly("begin", "fault x", "begin", "next", "end");
  }

  @Test
  void whatIsPostedWithinATurnIsRun() {
    mailbox.post(1, () -> mailbox.post(0, () -> heard.add("inner")));
    runOne();
    assertThat(executor).hasSize(1);
    runOne();
    assertThat(heard).containsExactly("begin", "end", "begin", "inner", "end");
  }

  @Test
  void aTurnBeginsOnlyWhenItHasTakenItsTasksSoThatItsTimeIsNotBeforeThem() {
    List<Mailbox> self = new ArrayList<>();
    Mailbox late =
        new Mailbox(
            executor::add,
            1,
            () -> {
              heard.add("begin");
              if (heard.size() == 1) {
                self.get(0).post(() -> heard.add("came after the time was read"));
              }
            },
            () -> heard.add("end"),
            fault -> heard.add("fault " + fault.getMessage()));
    self.add(late);
    late.post(() -> heard.add("came before"));
    runOne();
    assertThat(heard).containsExactly("begin", "came before", "end");
    runOne();
    assertThat(heard).endsWith("begin", "came after the time was read", "end");
  }
}
