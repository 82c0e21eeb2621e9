package dev.quorate.raft.engine.core;

import static dev.quorate.raft.engine.core.CoreDriver.entry;
import static dev.quorate.raft.engine.core.CoreDriver.untimed;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.Role;
import dev.quorate.raft.api.storage.HardState;
import dev.quorate.raft.api.storage.SnapshotId;
import dev.quorate.raft.engine.message.Holder;
import dev.quorate.raft.engine.message.Message;
import dev.quorate.raft.engine.message.Message.AppendAccepted;
import dev.quorate.raft.engine.message.Message.AppendRejected;
import dev.quorate.raft.engine.message.Message.AppendRequest;
import dev.quorate.raft.engine.message.Message.Consensus;
import dev.quorate.raft.engine.message.Message.Freshness;
import dev.quorate.raft.engine.message.Message.Heartbeat;
import dev.quorate.raft.engine.message.Message.HeartbeatResponse;
import dev.quorate.raft.engine.message.Message.SnapshotAnswer;
import dev.quorate.raft.engine.message.Message.SnapshotOffer;
import dev.quorate.raft.engine.message.Message.TimeoutNow;
import dev.quorate.raft.engine.message.Message.VoteRequest;
import dev.quorate.raft.engine.message.Message.VoteResponse;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the term of each kind of message does to its receiver. */
@Tag("pitfall-14")
class TermTest {

  private static final SnapshotId SNAPSHOT = new SnapshotId(7, 20, 2, 100, 5);
  private static final Holder HOLDER = new Holder(NodeId.of("n3"), 103);

  static Stream<Consensus> questionsOfTermTwo() {
    return Stream.of(
        new SnapshotOffer(2, SNAPSHOT, HOLDER, false),
        new VoteRequest(2, false, true, 9, 2),
        new AppendRequest(2, 1, 0, 1, List.of(entry(2, 2))),
        new Heartbeat(2, 1, 0, 7, 0, Freshness.NONE));
  }

  static Stream<Consensus> answersOfTermTwo() {
    return Stream.of(
        new VoteResponse(2, false, true),
        new VoteResponse(2, false, false),
        new VoteResponse(2, true, false),
        new AppendAccepted(2, 2, false, true),
        new AppendRejected(2, 2, 1, 0),
        new HeartbeatResponse(2, 99, 2, 2, true),
        new SnapshotAnswer(2, SNAPSHOT, HOLDER, 50, false),
        new TimeoutNow(2));
  }

  static Stream<Consensus> allOfTermTwo() {
    return Stream.concat(questionsOfTermTwo(), answersOfTermTwo());
  }

  @ParameterizedTest
  @MethodSource("questionsOfTermTwo")
  @Tag("pitfall-2")
  void whoAsksInAnOldTermIsToldTheNewOneAndNothingElse(Message message) {
    CoreDriver n1 = CoreDriver.voters(3).follow("n2", 3);
    n1.deliver("n3", message);
    assertThat(n1.sent()).hasSize(1);
    assertThat(n1.sent().get(0).message())
        .isIn(new VoteResponse(3, false, false), new HeartbeatResponse(3, 0, 0, 0, true));
    assertThat(n1.unforced()).isEmpty();
    assertThat(n1.view().leader()).contains(NodeId.of("n2"));
    assertThat(n1.view().lastIndex()).isEqualTo(1);
  }

  @Test
  void anOldTermsPreVoteIsRefusedWithTheNewTerm() {
    CoreDriver n1 = CoreDriver.voters(3).follow("n2", 3);
    n1.deliver("n3", new VoteRequest(2, true, false, 9, 2));
    assertThat(n1.takeOne("n3", VoteResponse.class)).isEqualTo(new VoteResponse(3, true, false));
  }

  @ParameterizedTest
  @MethodSource("answersOfTermTwo")
  void answersOfAnOldTermAreDropped(Message message) {
    CoreDriver n1 = CoreDriver.voters(3).follow("n2", 2).lead();
    assertThat(n1.view().term()).isEqualTo(3);
    CoreView before = n1.view();
    n1.deliver("n3", message);
    n1.deliver("n2", message);
    assertThat(n1.view()).isEqualTo(before);
    assertThat(n1.sent()).isEmpty();
    assertThat(n1.unforced()).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("answersOfTermTwo")
  @Tag("pitfall-8")
  void aCandidateDropsAnswersOfAnOldTerm(Message message) {
    CoreDriver n1 = CoreDriver.voters(3).follow("n2", 2).stand().persist();
    assertThat(n1.view().term()).isEqualTo(3);
    n1.deliver("n3", message);
    n1.deliver("n2", message);
    assertThat(n1.view().role()).isEqualTo(Role.CANDIDATE);
    assertThat(n1.view().term()).isEqualTo(3);
  }

  @ParameterizedTest
  @MethodSource("allOfTermTwo")
  void aLeaderThatHearsOfAHigherTermStepsDownInIt(Message message) {
    CoreDriver n1 = CoreDriver.voters(3).lead();
    n1.deliver("n3", message);
    assertThat(n1.view().role()).isNotEqualTo(Role.LEADER);
    assertThat(n1.view().term()).isGreaterThanOrEqualTo(2);
    n1.persist();
    assertThat(n1.durableState().term()).isEqualTo(n1.view().term());
  }

  @ParameterizedTest
  @MethodSource("allOfTermTwo")
  void aFollowerThatHearsOfAHigherTermGoesIntoIt(Message message) {
    CoreDriver n1 = CoreDriver.voters(3).follow("n2", 1);
    n1.deliver("n3", message);
    assertThat(n1.view().term()).isEqualTo(message instanceof TimeoutNow ? 3 : 2);
    boolean fromLeader =
        message instanceof AppendRequest
            || message instanceof Heartbeat
            || message instanceof SnapshotOffer;
    assertThat(n1.view().leader().isPresent()).isEqualTo(fromLeader);
    assertThat(n1.sent()).isEmpty();
  }

  @Test
  void preVotesRaiseNobodysTermAndNeitherDoTheirGrants() {
    CoreDriver n1 = CoreDriver.voters(3).leadAll();
    n1.deliver("n2", new VoteRequest(9, true, false, 9, 9));
    n1.deliver("n3", new VoteResponse(9, true, true));
    assertThat(n1.view().role()).isEqualTo(Role.LEADER);
    assertThat(n1.view().term()).isEqualTo(1);
  }

  @ParameterizedTest
  @MethodSource("answersOfTermTwo")
  void answersOfThePresentTermMeanNothingToAFollower(Message message) {
    CoreDriver n1 = CoreDriver.voters(3).follow("n2", 2);
    n1.deliver("n3", message);
    if (message instanceof TimeoutNow) {
      assertThat(n1.view().role()).isEqualTo(Role.CANDIDATE);
    } else {
      assertThat(n1.view().role()).isEqualTo(Role.FOLLOWER);
      assertThat(n1.view().term()).isEqualTo(2);
      assertThat(n1.unforced()).isEmpty();
    }
    assertThat(n1.sent()).isEmpty();
  }

  @Test
  void anAnswerInANewTermWaitsForTheTermToBeDurable() {
    CoreDriver n1 = CoreDriver.voters(3);
    n1.heartbeat("n2", 4, 1, 0, 1);
    assertThat(n1.sent()).isEmpty();
    n1.heartbeat("n3", 3, 1, 0, 1);
    assertThat(n1.sent()).isEmpty();
    n1.persist();
    assertThat(untimed(n1.takeOne("n2", HeartbeatResponse.class)))
        .isEqualTo(new HeartbeatResponse(4, 1, 1, 1, true));
    assertThat(n1.takeOne("n3", HeartbeatResponse.class))
        .isEqualTo(new HeartbeatResponse(4, 0, 0, 0, true));
    assertThat(n1.durableState()).isEqualTo(HardState.withoutVote(4));
  }

  @Test
  void aTermThatWasNotDurableIsForgottenByACrash() {
    CoreDriver n1 = CoreDriver.voters(3).follow("n2", 1);
    n1.heartbeat("n2", 4, 1, 0, 1);
    n1.restart();
    assertThat(n1.view().term()).isEqualTo(1);
    assertThat(n1.view().leader()).isEmpty();
  }

  @Test
  void aLeaderToldToStandInItsOwnTermStays() {
    CoreDriver n1 = CoreDriver.voters(3).leadAll();
    n1.deliver("n2", new TimeoutNow(1));
    assertThat(n1.view().role()).isEqualTo(Role.LEADER);
  }
}
