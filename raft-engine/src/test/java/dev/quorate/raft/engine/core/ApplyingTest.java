package dev.quorate.raft.engine.core;

import static dev.quorate.raft.engine.core.CoreDriver.entries;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quorate.raft.api.RejectReason;
import dev.quorate.raft.api.Role;
import dev.quorate.raft.engine.core.Effects.Completion;
import dev.quorate.raft.engine.message.Message.AppendAccepted;
import dev.quorate.raft.engine.message.Message.ReadIndexRequest;
import dev.quorate.raft.engine.message.Message.ReadIndexResponse;
import dev.quorate.raft.engine.message.Message.TimeoutNow;
import dev.quorate.raft.engine.message.Message.VoteRequest;
import dev.quorate.raft.engine.message.Message.VoteResponse;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class ApplyingTest {

  @Test
  void anEntryIsAppliedOnceItIsCommittedAndDurableHere() {
    CoreDriver n1 = CoreDriver.voters(3).follow("n2", 1);
    n1.append("n2", 1, 1, 0, 3, entries(2, 4, 1));
    assertThat(n1.appliedIndexes()).containsExactly(1L);
    n1.persist();
    assertThat(n1.appliedIndexes()).containsExactly(1L, 2L, 3L);
    n1.heartbeat("n2", 1, 4, 4, 2);
    assertThat(n1.appliedIndexes()).containsExactly(1L, 2L, 3L, 4L);
  }

  @Test
  void entriesAreAppliedInOrderAndOnlyABoundedNumberOfBytesAhead() {
    CoreDriver n1 = CoreDriver.voters(3).follow("n2", 1);
    n1.applies().clear();
    n1.holdApplies();
    n1.append("n2", 1, 1, 0, 201, entries(2, 201, 1));
    n1.persist();
    assertThat(n1.appliedIndexes()).isEqualTo(range(2, 81));
    assertThat(n1.view().appliedIndex()).isEqualTo(1);
    n1.applied(10);
    assertThat(n1.appliedIndexes()).isEqualTo(range(2, 81));
    n1.applied(11);
    assertThat(n1.appliedIndexes()).isEqualTo(range(2, 91));
    n1.applied(91);
    assertThat(n1.appliedIndexes()).isEqualTo(range(2, 171));
  }

  @Test
  void whatIsNotInMemoryIsReadFromTheDiskInOrder() {
    CoreDriver n1 = CoreDriver.voters(3).follow("n2", 1);
    n1.append("n2", 1, 1, 0, 1, entries(2, 40, 1));
    n1.persist();
    n1.holdLogReads();
    n1.restart();
    n1.applies().clear();
    n1.heartbeat("n2", 1, 40, 40, 2);
    n1.append("n2", 1, 40, 1, 42, entries(41, 42, 1));
    n1.persist();
    assertThat(n1.applies()).isEmpty();
    for (int answered = n1.logReads().size() - 1; answered < n1.logReads().size(); answered++) {
      n1.answerLogRead(n1.logReads().get(answered));
    }
    assertThat(n1.appliedIndexes()).isEqualTo(range(1, 42));
  }

  @Test
  void aCommittedEntryThatCannotBeReadStopsTheNode() {
    CoreDriver n1 = CoreDriver.voters(3).follow("n2", 1);
    n1.append("n2", 1, 1, 0, 1, entries(2, 3, 1));
    n1.persist();
    n1.holdLogReads();
    n1.restart();
    Effects.LogRead read = n1.logReads().get(n1.logReads().size() - 1);
    assertThatThrownBy(() -> n1.turn((core, now, out) -> core.onLogRead(read.token(), List.of())))
        .isInstanceOf(InvariantViolation.class)
        .hasMessageContaining("committed entry 1 cannot be read");
  }

  @Test
  void aStateMachineThatSaysItAppliedWhatItNeverGotStopsTheNode() {
    CoreDriver n1 = CoreDriver.voters(3);
    assertThatThrownBy(() -> n1.applied(2)).isInstanceOf(InvariantViolation.class);
    assertThatThrownBy(() -> n1.applied(0)).isInstanceOf(InvariantViolation.class);
  }

  @Test
  void aLeaderWhoseStateMachineFailsHandsOverAndRefusesItsReads() {
    CoreDriver n1 = CoreDriver.voters(3).leadAll();
    n1.read(7);
    n1.forgetSent();
    n1.turn((core, now, out) -> core.onApplyFailed("cannot divide", now, out));
    assertThat(n1.takeCompletions())
        .containsExactly(new Completion.ReadRefused(7, RejectReason.DEGRADED, "cannot divide"));
    assertThat(n1.sent()).extracting(Effects.Send::message).containsExactly(new TimeoutNow(1));
    assertThat(n1.view().role()).isEqualTo(Role.FOLLOWER);
    n1.read(8);
    assertThat(n1.takeCompletions())
        .containsExactly(new Completion.ReadRefused(8, RejectReason.DEGRADED, "cannot divide"));
  }

  @Test
  void whoseStateMachineFailedStillStoresAcknowledgesAndVotesButNeverAppliesOrStands() {
    CoreDriver n1 = CoreDriver.voters(3).follow("n2", 1);
    n1.applies().clear();
    n1.turn((core, now, out) -> core.onApplyFailed("broken", now, out));
    n1.append("n2", 1, 1, 0, 3, entries(2, 3, 1));
    n1.persist();
    assertThat(n1.takeOne("n2", AppendAccepted.class))
        .isEqualTo(new AppendAccepted(1, 3, false, true));
    assertThat(n1.view().commitIndex()).isEqualTo(3);
    assertThat(n1.applies()).isEmpty();
    n1.deliver("n3", new ReadIndexRequest(4));
    assertThat(n1.takeOne("n3", ReadIndexResponse.class).refusal())
        .isEqualTo(Optional.of(RejectReason.NO_LEADER));
    n1.timeOut();
    n1.deliver("n2", new TimeoutNow(1));
    assertThat(n1.take("n3", VoteRequest.class)).isEmpty();
    assertThat(n1.view().role()).isEqualTo(Role.FOLLOWER);
    n1.deliver("n3", new VoteRequest(2, false, false, 3, 1));
    n1.persist();
    assertThat(n1.takeOne("n3", VoteResponse.class).granted()).isTrue();
  }

  private static List<Long> range(long first, long last) {
    return LongStream.rangeClosed(first, last).boxed().toList();
  }
}
