package dev.quorate.raft.engine.core;

import static dev.quorate.raft.engine.core.CoreDriver.SETTINGS;
import static dev.quorate.raft.engine.core.CoreDriver.configuration;
import static dev.quorate.raft.engine.core.CoreDriver.entries;
import static dev.quorate.raft.engine.core.CoreDriver.entry;
import static dev.quorate.raft.engine.core.CoreDriver.members;
import static dev.quorate.raft.engine.core.CoreDriver.peer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.Role;
import dev.quorate.raft.api.storage.HardState;
import dev.quorate.raft.engine.message.ClusterId;
import dev.quorate.raft.engine.message.Configuration;
import dev.quorate.raft.engine.message.Message.HeartbeatResponse;
import dev.quorate.raft.engine.message.Message.TimeoutNow;
import dev.quorate.raft.engine.message.Message.VoteRequest;
import dev.quorate.raft.engine.message.Message.VoteResponse;
import dev.quorate.raft.engine.message.Peer;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ElectionTest {

  private static final VoteRequest PRE_VOTE = new VoteRequest(5, true, false, 1, 0);
  private static final VoteRequest VOTE = new VoteRequest(5, false, false, 1, 0);
  private static final VoteRequest TRANSFER_VOTE = new VoteRequest(5, false, true, 1, 0);

  // Standing

  @Test
  void whoHearsOfNoLeaderAsksFirstWithoutRaisingItsTermAndWithoutWriting() {
    CoreDriver n1 = CoreDriver.voters(3).timeOut();
    assertThat(n1.view().role()).isEqualTo(Role.PRE_CANDIDATE);
    assertThat(n1.view().term()).isZero();
    assertThat(n1.unforced()).isEmpty();
    assertThat(n1.takeOne("n2", VoteRequest.class))
        .isEqualTo(new VoteRequest(1, true, false, 1, 0))
        .isEqualTo(n1.takeOne("n3", VoteRequest.class));
  }

  @Test
  void aRequestForAVoteWaitsUntilTermAndOwnVoteAreDurable() {
    CoreDriver n1 = CoreDriver.voters(3).timeOut();
    n1.forgetSent();
    n1.deliver("n2", new VoteResponse(1, true, true));
    assertThat(n1.view().role()).isEqualTo(Role.CANDIDATE);
    assertThat(n1.sent()).isEmpty();
    n1.persist();
    assertThat(n1.durableState()).isEqualTo(new HardState(1, Optional.of(NodeId.of("n1")), 101));
    assertThat(n1.takeOne("n2", VoteRequest.class))
        .isEqualTo(new VoteRequest(1, false, false, 1, 0));
  }

  @Test
  @Tag("pitfall-11")
  void aRequestForAVoteWaitsForTheLogThatItNames() {
    CoreDriver n1 = CoreDriver.voters(3).follow("n2", 1);
    n1.append("n2", 1, 1, 0, 1, entry(2, 1));
    n1.deliver("n2", new TimeoutNow(1));
    n1.persistNext();
    assertThat(n1.take("n3", VoteRequest.class)).isEmpty();
    n1.persistNext();
    assertThat(n1.takeOne("n3", VoteRequest.class))
        .isEqualTo(new VoteRequest(2, false, true, 2, 1));
  }

  @Test
  void theOwnVoteCountsOnlyOnceItIsDurable() {
    CoreDriver n1 = CoreDriver.voters(3).stand();
    n1.deliver("n2", new VoteResponse(1, false, true));
    assertThat(n1.view().role()).isEqualTo(Role.CANDIDATE);
    n1.persistNext();
    assertThat(n1.view().role()).isEqualTo(Role.LEADER);
  }

  @Test
  @Tag("pitfall-12")
  void aSingleVoterLeadsAndCommitsByItsOwnDiskAlone() {
    CoreDriver n1 = CoreDriver.voters(1).timeOut();
    assertThat(n1.view().role()).isEqualTo(Role.CANDIDATE);
    n1.persistNext();
    assertThat(n1.view().role()).isEqualTo(Role.LEADER);
    assertThat(n1.view().commitIndex()).isEqualTo(1);
    n1.persistNext();
    assertThat(n1.view().commitIndex()).isEqualTo(2);
    n1.command(1);
    assertThat(n1.view().commitIndex()).isEqualTo(2);
    n1.persist();
    assertThat(n1.view().appliedIndex()).isEqualTo(3);
  }

  @Test
  void ofTwoVotersBothMustAgree() {
    CoreDriver n1 = CoreDriver.voters(2).timeOut();
    assertThat(n1.view().role()).isEqualTo(Role.PRE_CANDIDATE);
    n1.deliver("n2", new VoteResponse(1, true, true));
    n1.persist();
    assertThat(n1.view().role()).isEqualTo(Role.CANDIDATE);
    n1.deliver("n2", new VoteResponse(1, false, true));
    assertThat(n1.view().role()).isEqualTo(Role.LEADER);
  }

  @Test
  void ofFiveVotersThreeElectAndThreeRefuse() {
    CoreDriver n1 = CoreDriver.voters(5).stand();
    n1.persist();
    n1.deliver("n2", new VoteResponse(1, false, true));
    n1.deliver("n2", new VoteResponse(1, false, true));
    assertThat(n1.view().role()).isEqualTo(Role.CANDIDATE);
    n1.deliver("n3", new VoteResponse(1, false, true));
    assertThat(n1.view().role()).isEqualTo(Role.LEADER);

    CoreDriver loser = CoreDriver.voters(5).stand();
    loser.persist();
    loser.deliver("n2", new VoteResponse(1, false, false));
    loser.deliver("n3", new VoteResponse(1, false, false));
    assertThat(loser.view().role()).isEqualTo(Role.CANDIDATE);
    loser.deliver("n4", new VoteResponse(1, false, false));
    assertThat(loser.view().role()).isEqualTo(Role.FOLLOWER);
  }

  @Test
  @Tag("pitfall-3")
  void aCandidateThatWinsNothingAsksAgainInTheSameTerm() {
    CoreDriver n1 = CoreDriver.voters(3).stand();
    n1.persist();
    n1.forgetSent();
    n1.timeOut();
    assertThat(n1.view().role()).isEqualTo(Role.PRE_CANDIDATE);
    assertThat(n1.view().term()).isEqualTo(1);
    assertThat(n1.takeOne("n2", VoteRequest.class))
        .isEqualTo(new VoteRequest(2, true, false, 1, 0));
  }

  @Test
  void aCandidateFollowsWhoWasElectedInItsTerm() {
    CoreDriver n1 = CoreDriver.voters(3).stand();
    n1.persist();
    n1.heartbeat("n2", 1, 1, 0, 1);
    assertThat(n1.view().role()).isEqualTo(Role.FOLLOWER);
    assertThat(n1.view().leader()).contains(NodeId.of("n2"));
    n1.deliver("n3", new VoteResponse(1, false, true));
    assertThat(n1.view().role()).isEqualTo(Role.FOLLOWER);
  }

  @Test
  void answersToAnotherQuestionDoNotCount() {
    CoreDriver n1 = CoreDriver.voters(3).stand().persist().timeOut();
    n1.deliver("n2", new VoteResponse(1, false, true));
    n1.deliver("n2", new VoteResponse(1, true, true));
    n1.deliver("n3", new VoteResponse(7, true, true));
    assertThat(n1.view().role()).isEqualTo(Role.PRE_CANDIDATE);
    n1.deliver("n2", new VoteResponse(2, true, true));
    n1.persist();
    n1.deliver("n3", new VoteResponse(2, true, true));
    assertThat(n1.view().role()).isEqualTo(Role.CANDIDATE);
  }

  @Test
  void aVoteOfAnotherDiskDoesNotCountAndIsShown() {
    CoreDriver n1 = CoreDriver.voters(3).stand();
    n1.persist();
    n1.deliver(new Peer(NodeId.of("n2"), 999, 1), new VoteResponse(1, false, true));
    assertThat(n1.view().role()).isEqualTo(Role.CANDIDATE);
    assertThat(n1.view().wiped()).containsExactly(NodeId.of("n2"));
    n1.deliver(new Peer(NodeId.of("n9"), 109, 1), new VoteResponse(1, false, true));
    assertThat(n1.view().role()).isEqualTo(Role.CANDIDATE);
  }

  @Test
  void aLearnersVoteDoesNotCount() {
    Configuration withLearner =
        new Configuration(new ClusterId(1, 2), members(1, 3), List.of(), members(4, 4));
    CoreDriver n1 = CoreDriver.recovered(withLearner, SETTINGS, HardState.INITIAL).timeOut();
    assertThat(n1.take("n4", VoteRequest.class)).isEmpty();
    n1.deliver("n4", new VoteResponse(1, true, true));
    assertThat(n1.view().role()).isEqualTo(Role.PRE_CANDIDATE);
  }

  @Test
  void aJointConfigurationElectsByBothHalves() {
    Configuration joint =
        new Configuration(new ClusterId(1, 2), members(1, 3), members(4, 6), List.of());
    CoreDriver n1 = CoreDriver.recovered(joint, SETTINGS, HardState.INITIAL).stand();
    n1.persist();
    n1.deliver("n2", new VoteResponse(1, false, true));
    n1.deliver("n3", new VoteResponse(1, false, true));
    n1.deliver("n4", new VoteResponse(1, false, true));
    assertThat(n1.view().role()).isEqualTo(Role.CANDIDATE);
    n1.deliver("n5", new VoteResponse(1, false, true));
    assertThat(n1.view().role()).isEqualTo(Role.LEADER);
  }

  @Test
  @Tag("pitfall-8")
  void aCandidateThatRestartsIgnoresTheVotesOfBefore() {
    CoreDriver n1 = CoreDriver.voters(3).stand();
    n1.persist();
    n1.forgetSent();
    n1.restart();
    n1.deliver("n2", new VoteResponse(1, false, true));
    n1.deliver("n3", new VoteResponse(1, false, true));
    assertThat(n1.view().role()).isEqualTo(Role.FOLLOWER);
    n1.timeOut();
    assertThat(n1.takeOne("n2", VoteRequest.class).term()).isEqualTo(2);
  }

  @Test
  void whoIsToldToStandDoesSoAtOnceWithoutAskingFirst() {
    CoreDriver n1 = CoreDriver.voters(3).follow("n2", 1);
    n1.deliver("n2", new TimeoutNow(1));
    n1.deliver("n2", new TimeoutNow(1));
    assertThat(n1.view().role()).isEqualTo(Role.CANDIDATE);
    assertThat(n1.view().term()).isEqualTo(2);
    n1.persist();
    assertThat(n1.takeOne("n3", VoteRequest.class))
        .isEqualTo(new VoteRequest(2, false, true, 1, 0));
  }

  // Voting

  @Test
  void aPreVoteIsAnsweredAtOnceAndChangesNothing() {
    CoreDriver n1 = CoreDriver.voters(3);
    long before = n1.nextWakeUp();
    n1.deliver("n2", PRE_VOTE);
    assertThat(n1.takeOne("n2", VoteResponse.class)).isEqualTo(new VoteResponse(5, true, true));
    n1.deliver("n3", PRE_VOTE);
    assertThat(n1.takeOne("n3", VoteResponse.class)).isEqualTo(new VoteResponse(5, true, true));
    assertThat(n1.view().term()).isZero();
    assertThat(n1.unforced()).isEmpty();
    assertThat(n1.nextWakeUp()).isEqualTo(before);
  }

  @Test
  void aPreVoteForThePresentTermIsRefused() {
    CoreDriver n1 = CoreDriver.voters(3).stand();
    n1.persist();
    n1.forgetSent();
    n1.deliver("n2", new VoteRequest(1, true, false, 1, 0));
    assertThat(n1.takeOne("n2", VoteResponse.class)).isEqualTo(new VoteResponse(1, true, false));
  }

  @Test
  void aGrantedVoteWaitsUntilItIsDurable() {
    CoreDriver n1 = CoreDriver.voters(3);
    n1.deliver("n2", VOTE);
    assertThat(n1.sent()).isEmpty();
    n1.persist();
    assertThat(n1.takeOne("n2", VoteResponse.class)).isEqualTo(new VoteResponse(5, false, true));
    assertThat(n1.durableState()).isEqualTo(new HardState(5, Optional.of(NodeId.of("n2")), 102));
  }

  @Test
  void aRefusalThatNamesANewTermWaitsForTheTerm() {
    CoreDriver n1 =
        CoreDriver.recovered(configuration(3), SETTINGS, HardState.INITIAL, entry(2, 0));
    n1.deliver("n2", VOTE);
    assertThat(n1.sent()).isEmpty();
    n1.persist();
    assertThat(n1.takeOne("n2", VoteResponse.class)).isEqualTo(new VoteResponse(5, false, false));
    assertThat(n1.durableState()).isEqualTo(HardState.withoutVote(5));
  }

  @Test
  @Tag("pitfall-7")
  @Tag("pitfall-14")
  void aVoteIsGivenToOneInATermEvenAfterARestart() {
    CoreDriver n1 = CoreDriver.voters(3);
    n1.deliver("n2", VOTE);
    n1.persist();
    for (int life = 0; life < 2; life++) {
      n1.forgetSent();
      n1.deliver("n3", VOTE);
      assertThat(n1.takeOne("n3", VoteResponse.class).granted()).isFalse();
      n1.deliver("n2", VOTE);
      assertThat(n1.takeOne("n2", VoteResponse.class).granted()).isTrue();
      n1.deliver(new Peer(NodeId.of("n2"), 999, 1), VOTE);
      assertThat(n1.takeOne("n2", VoteResponse.class).granted()).isFalse();
      n1.restart();
    }
  }

  @Test
  void aVoteThatWasNotDurableMayBeGivenAnewAfterACrash() {
    CoreDriver n1 = CoreDriver.voters(3);
    n1.deliver("n2", VOTE);
    n1.restart();
    n1.deliver("n3", VOTE);
    n1.persist();
    assertThat(n1.take("n2", VoteResponse.class)).isEmpty();
    assertThat(n1.takeOne("n3", VoteResponse.class).granted()).isTrue();
  }

  @Test
  void aLeaderOfTheTermDoesNotMakeTheVoteForgotten() {
    CoreDriver n1 = CoreDriver.voters(3);
    n1.deliver("n2", VOTE);
    n1.persist();
    n1.heartbeat("n2", 5, 1, 0, 1);
    n1.forgetSent();
    n1.deliver("n3", TRANSFER_VOTE);
    assertThat(n1.takeOne("n3", VoteResponse.class).granted()).isFalse();
    assertThat(n1.unforced()).isEmpty();
  }

  @Test
  void nobodyGetsTheVoteOfATermWhoseLeaderIsKnown() {
    CoreDriver n1 = CoreDriver.voters(3).follow("n2", 5);
    n1.deliver("n3", TRANSFER_VOTE);
    assertThat(n1.takeOne("n3", VoteResponse.class).granted()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "5, 3, true", // the same log
    "6, 3, true", // longer
    "4, 3, false", // shorter
    "2, 4, true", // shorter, but of a later term
    "9, 2, false" // longer, but of an earlier term
  })
  @Tag("pitfall-10")
  void aVoteGoesOnlyToALogThatIsAtLeastAsNewByTermThenIndex(
      long lastIndex, long lastTerm, boolean granted) {
    for (boolean preVote : new boolean[] {true, false}) {
      CoreDriver n1 =
          CoreDriver.recovered(
              configuration(3), SETTINGS, HardState.withoutVote(4), entries(2, 5, 3));
      n1.deliver("n2", new VoteRequest(9, preVote, false, lastIndex, lastTerm));
      n1.persist();
      assertThat(n1.takeOne("n2", VoteResponse.class).granted()).isEqualTo(granted);
    }
  }

  @Test
  @Tag("pitfall-4")
  @Tag("pitfall-5")
  void whileItsLeaderIsHeardOfAFollowerRefusesOthersAndKeepsItsTerm() {
    CoreDriver n1 = CoreDriver.voters(3).follow("n2", 1);
    n1.pass(299);
    n1.deliver("n3", PRE_VOTE);
    assertThat(n1.takeOne("n3", VoteResponse.class)).isEqualTo(new VoteResponse(1, true, false));
    n1.deliver("n3", VOTE);
    assertThat(n1.takeOne("n3", VoteResponse.class)).isEqualTo(new VoteResponse(1, false, false));
    assertThat(n1.view().term()).isEqualTo(1);
    assertThat(n1.view().leader()).contains(NodeId.of("n2"));

    n1.pass(1);
    n1.deliver("n3", PRE_VOTE);
    assertThat(n1.takeOne("n3", VoteResponse.class)).isEqualTo(new VoteResponse(5, true, true));
    n1.deliver("n3", VOTE);
    n1.persist();
    assertThat(n1.takeOne("n3", VoteResponse.class)).isEqualTo(new VoteResponse(5, false, true));
  }

  @Test
  void aTransferOverridesTheLoyaltyToALeader() {
    CoreDriver n1 = CoreDriver.voters(3).follow("n2", 1);
    n1.deliver("n3", TRANSFER_VOTE);
    n1.persist();
    assertThat(n1.takeOne("n3", VoteResponse.class)).isEqualTo(new VoteResponse(5, false, true));
  }

  @Test
  void aLeaderIsLoyalToItselfUnlessItHandedOver() {
    CoreDriver n1 = CoreDriver.voters(3).leadAll();
    n1.pass(10_000);
    n1.deliver("n3", new VoteRequest(5, true, false, 2, 1));
    n1.deliver("n3", new VoteRequest(5, false, false, 2, 1));
    assertThat(n1.take("n3", VoteResponse.class)).noneMatch(VoteResponse::granted).hasSize(2);
    assertThat(n1.view().role()).isEqualTo(Role.LEADER);
    n1.deliver("n3", new VoteRequest(5, false, true, 2, 1));
    n1.persist();
    assertThat(n1.takeOne("n3", VoteResponse.class).granted()).isTrue();
    assertThat(n1.view().role()).isEqualTo(Role.FOLLOWER);
  }

  @Test
  @Tag("pitfall-13")
  void whoNamesThisNodeGetsItsVoteWhateverTheOwnLogSaysOfItsRole() {
    Configuration asLearner =
        new Configuration(new ClusterId(1, 2), members(2, 3), List.of(), members(1, 1));
    Configuration without = Configuration.ofVoters(new ClusterId(1, 2), members(2, 3));
    for (Configuration own : List.of(asLearner, without)) {
      CoreDriver n1 = CoreDriver.recovered(own, SETTINGS, HardState.INITIAL);
      assertThat(n1.view().role()).isEqualTo(Role.LEARNER);
      n1.deliver("n2", PRE_VOTE);
      n1.deliver("n2", VOTE);
      n1.persist();
      assertThat(n1.take("n2", VoteResponse.class))
          .containsExactly(new VoteResponse(5, true, true), new VoteResponse(5, false, true));
    }
  }

  @Test
  void whoIsNoVoterInItsOwnLogNeverStands() {
    Configuration asLearner =
        new Configuration(new ClusterId(1, 2), members(2, 3), List.of(), members(1, 1));
    CoreDriver n1 = CoreDriver.recovered(asLearner, SETTINGS, HardState.INITIAL).timeOut();
    n1.deliver("n2", new TimeoutNow(0));
    assertThat(n1.sent()).isEmpty();
    assertThat(n1.view().role()).isEqualTo(Role.LEARNER);
    assertThat(n1.nextWakeUp()).isGreaterThan(n1.now().nanos());
  }

  @Test
  void aGivenVotePutsOffTheOwnCandidacyAndARefusalDoesNot() {
    CoreDriver n1 =
        CoreDriver.recovered(configuration(3), SETTINGS, HardState.INITIAL, entry(2, 0));
    n1.deliver("n2", new VoteRequest(1, false, false, 2, 0));
    n1.pass(290);
    n1.deliver("n2", new VoteRequest(1, false, false, 2, 0));
    assertThat(n1.nextWakeUp() - n1.now().nanos()).isGreaterThanOrEqualTo(300 * CoreDriver.MILLI);
    n1.pass(290);
    n1.deliver("n3", new VoteRequest(1, false, false, 2, 0));
    assertThat(n1.nextWakeUp() - n1.now().nanos()).isLessThan(311 * CoreDriver.MILLI);
  }

  // Who must not lead

  @Test
  void whoseDiskStallsDoesNotStandUntilItIsBack() {
    CoreDriver n1 = CoreDriver.voters(3).follow("n2", 1);
    n1.append("n2", 1, 1, 0, 1, entry(2, 1));
    n1.timeOut();
    assertThat(n1.view().role()).isEqualTo(Role.FOLLOWER);
    assertThat(n1.view().leader()).isEmpty();
    n1.deliver("n2", new TimeoutNow(1));
    assertThat(n1.view().term()).isEqualTo(1);
    assertThat(n1.take("n3", VoteRequest.class)).isEmpty();
    n1.persist();
    n1.timeOut();
    assertThat(n1.takeOne("n3", VoteRequest.class).preVote()).isTrue();
  }

  @Test
  void aWriteThatWaitsForLessThanAnElectionTimeoutIsNoStall() {
    CoreDriver n1 = CoreDriver.voters(3).follow("n2", 1);
    n1.pass(2);
    n1.append("n2", 1, 1, 0, 1, entry(2, 1));
    n1.wakeAfter(600);
    assertThat(n1.view().role()).isEqualTo(Role.PRE_CANDIDATE);
  }

  @Test
  void aLeaderWhoseDiskStallsTellsTheBestVoterToStandAndStepsDown() {
    CoreDriver n1 = CoreDriver.voters(3).leadAll();
    n1.command(1);
    n1.accept("n3", 3);
    n1.pass(601);
    n1.deliver("n2", new HeartbeatResponse(1, 0, 2, 2, true));
    n1.deliver("n3", new HeartbeatResponse(1, 0, 3, 3, true));
    n1.wakeAfter(0);
    assertThat(n1.view().role()).isEqualTo(Role.FOLLOWER);
    assertThat(n1.takeOne("n3", TimeoutNow.class)).isEqualTo(new TimeoutNow(1));
    assertThat(n1.take("n2", TimeoutNow.class)).isEmpty();
  }

  @Test
  @Tag("pitfall-51")
  void aLeaderWhoseDiskHangsStepsDownHoweverManyReadsItServes() {
    CoreDriver n1 = CoreDriver.voters(3).leadAll();
    n1.command(1);
    for (int read = 1; read <= 60 && n1.view().role() == Role.LEADER; read++) {
      n1.pass(20);
      n1.read(100 + read);
      n1.answerHeartbeats("n2", "n3");
      if (n1.nextWakeUp() <= n1.now().nanos()) {
        n1.wakeAfter(0);
      }
    }
    assertThat(n1.view().role()).isEqualTo(Role.FOLLOWER);
  }

  @Test
  void aLateRefusalDoesNotTakeBackAVote() {
    CoreDriver n1 = CoreDriver.voters(5).timeOut();
    n1.deliver("n2", new VoteResponse(1, true, true));
    n1.deliver("n2", new VoteResponse(0, true, false));
    n1.deliver("n3", new VoteResponse(1, true, true));
    assertThat(n1.view().role()).isEqualTo(Role.CANDIDATE);
  }

  @Test
  void aCandidateWhoseStateMachineFailsDoesNotComeToLead() {
    CoreDriver n1 = CoreDriver.voters(3).stand();
    n1.persist();
    n1.turn((core, now, out) -> core.onApplyFailed("broken", now, out));
    n1.deliver("n2", new VoteResponse(1, false, true));
    assertThat(n1.view().role()).isEqualTo(Role.FOLLOWER);
  }

  @Test
  void whoAsksForPreVotesAndThenMayNotStandDoesNotRaiseItsTerm() {
    CoreDriver n1 = CoreDriver.voters(3).timeOut();
    n1.turn((core, now, out) -> core.onSpace(false, now, out));
    n1.deliver("n2", new VoteResponse(1, true, true));
    assertThat(n1.view().term()).isZero();
    assertThat(n1.view().role()).isEqualTo(Role.FOLLOWER);
  }

  // CheckQuorum

  @Test
  @Tag("pitfall-29")
  void aLeaderThatNoQuorumAnswersStepsDownInItsTerm() {
    CoreDriver n1 = CoreDriver.voters(3).leadAll();
    n1.wakeAfter(600);
    assertThat(n1.view().role()).isEqualTo(Role.LEADER);
    n1.wakeAfter(1);
    assertThat(n1.view().role()).isEqualTo(Role.FOLLOWER);
    assertThat(n1.view().term()).isEqualTo(1);
    assertThat(n1.view().leader()).isEmpty();
  }

  @Test
  void aLeaderThatAQuorumAnswersStays() {
    CoreDriver n1 = CoreDriver.voters(3).leadAll();
    for (int i = 0; i < 40; i++) {
      n1.beat();
      n1.answerHeartbeats("n2");
    }
    assertThat(n1.view().role()).isEqualTo(Role.LEADER);
    assertThat(n1.progress("n2").active()).isTrue();
    assertThat(n1.progress("n3").active()).isFalse();
  }

  @Test
  void requestsOfOthersAreNoAnswerToALeader() {
    CoreDriver n1 = CoreDriver.voters(3).leadAll();
    n1.pass(601);
    n1.deliver("n2", new VoteRequest(1, true, false, 1, 0));
    n1.deliver(peer("n3"), new VoteRequest(1, true, false, 1, 0));
    n1.wakeAfter(0);
    assertThat(n1.view().role()).isEqualTo(Role.FOLLOWER);
  }

  @Test
  void twoLeadersOfATermAreNeverAccepted() {
    CoreDriver n1 = CoreDriver.voters(3).leadAll();
    assertThatThrownBy(() -> n1.heartbeat("n2", 1, 1, 0, 1))
        .isInstanceOf(InvariantViolation.class)
        .hasMessageContaining("n2 leads in term 1, and so does this node");
  }

  // A leader whose process is gone

  @Test
  void whoeverLearnsThatItsLeaderIsGoneStandsWithinMillisecondsAndVotesForOthers() {
    CoreDriver n1 = CoreDriver.voters(3).follow("n2", 1);
    n1.deliver("n3", new VoteRequest(2, true, false, 9, 1));
    assertThat(n1.takeOne("n3", VoteResponse.class).granted()).as("loyal").isFalse();
    gone(n1, "n2");
    assertThat(n1.view().leader()).isEmpty();
    n1.deliver("n3", new VoteRequest(2, true, false, 9, 1));
    assertThat(n1.takeOne("n3", VoteResponse.class).granted()).as("no more").isTrue();
    assertThat(n1.nextWakeUp() - n1.now().nanos()).isBetween(0L, 10 * CoreDriver.MILLI);
    n1.wake();
    assertThat(n1.view().role()).isEqualTo(Role.PRE_CANDIDATE);
  }

  @Test
  void thatAnotherPeerIsGoneIsNoReasonToLeaveTheLeader() {
    CoreDriver n1 = CoreDriver.voters(3).follow("n2", 1);
    long due = n1.nextWakeUp();
    gone(n1, "n3");
    assertThat(n1.view().leader()).contains(NodeId.of("n2"));
    assertThat(n1.nextWakeUp()).isEqualTo(due);
    CoreDriver leader = CoreDriver.voters(3).leadAll();
    gone(leader, "n2");
    gone(leader, "n1");
    assertThat(leader.view().role()).isEqualTo(Role.LEADER);
  }

  private static void gone(CoreDriver n1, String peer) {
    n1.turn((core, now, out) -> core.onPeerGone(NodeId.of(peer), now, out));
  }
}
