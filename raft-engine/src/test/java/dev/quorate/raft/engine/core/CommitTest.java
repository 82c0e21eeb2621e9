package dev.quorate.raft.engine.core;

import static dev.quorate.raft.engine.core.CoreDriver.SETTINGS;
import static dev.quorate.raft.engine.core.CoreDriver.configuration;
import static dev.quorate.raft.engine.core.CoreDriver.entries;
import static dev.quorate.raft.engine.core.CoreDriver.entry;
import static dev.quorate.raft.engine.core.CoreDriver.members;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.raft.api.storage.HardState;
import dev.quorate.raft.engine.message.ClusterId;
import dev.quorate.raft.engine.message.Configuration;
import dev.quorate.raft.engine.message.Message.AppendRequest;
import dev.quorate.raft.engine.message.Message.Heartbeat;
import dev.quorate.raft.engine.message.Message.HeartbeatResponse;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class CommitTest {

  @Test
  void theLeadersOwnLogCountsOnlyAsFarAsItIsDurable() {
    CoreDriver n1 = CoreDriver.voters(3).leadAll();
    n1.command(1);
    n1.accept("n2", 3);
    assertThat(n1.view().commitIndex()).isEqualTo(2);
    n1.persist();
    assertThat(n1.view().commitIndex()).isEqualTo(3);
  }

  @Test
  void aQuorumOfOthersCommitsWhatTheLeadersDiskStillWritesAndItAppliesOnceItHasIt() {
    CoreDriver n1 = CoreDriver.voters(3).leadAll();
    n1.command(1);
    n1.accept("n2", 3);
    n1.accept("n3", 3);
    assertThat(n1.view().commitIndex()).isEqualTo(3);
    assertThat(n1.appliedIndexes()).containsExactly(1L, 2L);
    n1.persist();
    assertThat(n1.appliedIndexes()).containsExactly(1L, 2L, 3L);
  }

  @Test
  void ofFiveTheThirdCommitsAndNobodyCountsTwice() {
    CoreDriver n1 = CoreDriver.voters(5).leadAll();
    n1.command(1);
    n1.persist();
    n1.accept("n2", 3);
    n1.accept("n2", 3);
    assertThat(n1.view().commitIndex()).isEqualTo(2);
    n1.accept("n5", 3);
    assertThat(n1.view().commitIndex()).isEqualTo(3);
  }

  /** Figure 8 of the Raft paper: a quorum that holds it does not commit an older term's entry. */
  @Test
  @Tag("pitfall-15")
  void entriesOfOlderTermsAreCommittedOnlyTogetherWithOneOfTheOwn() {
    CoreDriver n1 =
        CoreDriver.recovered(
            configuration(5), SETTINGS, HardState.withoutVote(3), entry(2, 1), entry(3, 2));
    n1.lead();
    assertThat(n1.view().term()).isEqualTo(4);
    for (String peer : n1.others()) {
      n1.accept(peer, 3);
    }
    assertThat(n1.view().commitIndex()).isEqualTo(1);
    n1.accept("n2", 4);
    assertThat(n1.view().commitIndex()).isEqualTo(1);
    n1.accept("n3", 4);
    assertThat(n1.view().commitIndex()).isEqualTo(4);
  }

  @Test
  void anAcknowledgementBeyondTheLogCountsForNothing() {
    CoreDriver n1 = CoreDriver.voters(3).lead();
    n1.accept("n2", 9);
    n1.deliver("n2", new HeartbeatResponse(1, 0, 9, 9, true));
    assertThat(n1.view().commitIndex()).isEqualTo(1);
    assertThat(n1.progress("n2").matchIndex()).isZero();
  }

  @Test
  void aLearnersAcknowledgementCommitsNothing() {
    Configuration withLearners =
        new Configuration(new ClusterId(1, 2), members(1, 3), List.of(), members(4, 5));
    CoreDriver n1 = CoreDriver.recovered(withLearners, SETTINGS, HardState.INITIAL).lead();
    n1.accept("n4", 2);
    n1.accept("n5", 2);
    assertThat(n1.view().commitIndex()).isEqualTo(1);
    assertThat(n1.progress("n4").matchIndex()).isEqualTo(2);
    n1.accept("n3", 2);
    assertThat(n1.view().commitIndex()).isEqualTo(2);
  }

  @Test
  void aJointConfigurationCommitsByBothHalves() {
    Configuration joint =
        new Configuration(new ClusterId(1, 2), members(1, 3), members(4, 6), List.of());
    CoreDriver n1 = CoreDriver.recovered(joint, SETTINGS, HardState.INITIAL).lead();
    n1.accept("n2", 2);
    n1.accept("n3", 2);
    n1.accept("n4", 2);
    assertThat(n1.view().commitIndex()).isEqualTo(1);
    n1.accept("n6", 2);
    assertThat(n1.view().commitIndex()).isEqualTo(2);
  }

  @Test
  @Tag("pitfall-19")
  void theNewsOfACommitGoesOutAtOnceAndOnlyToWhoHasTheEntry() {
    CoreDriver n1 = CoreDriver.voters(3).leadAll();
    n1.command(1);
    n1.persist();
    n1.forgetSent();
    n1.accept("n2", 3);
    assertThat(n1.takeOne("n2", Heartbeat.class).commitIndex()).isEqualTo(3);
    assertThat(n1.take("n3", Heartbeat.class)).isEmpty();
    n1.command(2);
    assertThat(n1.takeOne("n2", AppendRequest.class).commitIndex()).isEqualTo(3);
    assertThat(n1.take("n2", Heartbeat.class)).isEmpty();
  }

  @Test
  @Tag("pitfall-16")
  void aFollowerCommitsNoFurtherThanItsLeadersRequestMatches() {
    CoreDriver n1 =
        CoreDriver.recovered(configuration(3), SETTINGS, HardState.withoutVote(1), entries(2, 6, 1))
            .follow("n2", 2);
    n1.append("n2", 2, 2, 1, 6, entry(3, 1));
    assertThat(n1.view().commitIndex()).isEqualTo(3);
    n1.append("n2", 2, 3, 1, 6, entry(4, 2));
    assertThat(n1.view().commitIndex()).isEqualTo(4);
    assertThat(n1.view().lastIndex()).isEqualTo(4);
  }

  @Test
  void aFollowersCommitIndexNeverGoesBack() {
    CoreDriver n1 = CoreDriver.voters(3).follow("n2", 1);
    n1.append("n2", 1, 1, 0, 4, entries(2, 4, 1));
    n1.append("n2", 1, 1, 0, 2, entries(2, 4, 1));
    n1.heartbeat("n2", 1, 1, 0, 2);
    assertThat(n1.view().commitIndex()).isEqualTo(4);
  }

  @Test
  @Tag("pitfall-24")
  void aRestartForgetsTheCommitIndexAndAppliesFromTheStartWhatIsCommittedAnew() {
    CoreDriver n1 = CoreDriver.voters(3).follow("n2", 1);
    n1.append("n2", 1, 1, 0, 3, entries(2, 5, 1));
    n1.persist();
    n1.applies().clear();
    n1.restart();
    assertThat(n1.view().commitIndex()).isEqualTo(1);
    assertThat(n1.appliedIndexes()).containsExactly(1L);
    n1.heartbeat("n2", 1, 4, 5, 9);
    assertThat(n1.appliedIndexes()).containsExactly(1L, 2L, 3L, 4L);
  }
}
