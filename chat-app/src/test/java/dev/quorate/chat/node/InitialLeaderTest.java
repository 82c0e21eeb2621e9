package dev.quorate.chat.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.chat.node.InitialLeader.Step;
import dev.quorate.raft.api.Membership;
import dev.quorate.raft.api.NodeCondition;
import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.NodeStatus;
import dev.quorate.raft.api.PeerStatus;
import dev.quorate.raft.api.Role;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class InitialLeaderTest {

  private static final NodeId WANTED = NodeId.of("2");
  private static final long COMMIT = 10;

  @Test
  void onceSettledNothingIsEverDoneAgain() {
    assertThat(InitialLeader.next(true, leader("1", true, true, COMMIT), WANTED, false))
        .isEqualTo(Step.NOTHING);
    assertThat(InitialLeader.next(true, leader("2", true, true, COMMIT), WANTED, true))
        .isEqualTo(Step.NOTHING);
  }

  @Test
  void theInitialLeaderSettlesItAtOnce() {
    assertThat(InitialLeader.next(false, leader("2", true, true, 0), WANTED, false))
        .isEqualTo(Step.SETTLE);
  }

  @Test
  void anotherLeaderHandsOverWhenTheInitialOneHasTheLog() {
    assertThat(InitialLeader.next(false, leader("1", true, true, COMMIT), WANTED, false))
        .isEqualTo(Step.HAND_OVER);
    assertThat(InitialLeader.next(false, leader("1", true, true, COMMIT - 1), WANTED, false))
        .isEqualTo(Step.WAIT);
    assertThat(InitialLeader.next(false, leader("1", true, false, COMMIT), WANTED, false))
        .as("it does not answer")
        .isEqualTo(Step.WAIT);
    assertThat(InitialLeader.next(false, leader("1", false, true, COMMIT), WANTED, false))
        .as("it has no vote")
        .isEqualTo(Step.WAIT);
    assertThat(InitialLeader.next(false, leader("1", true, true, COMMIT), NodeId.of("9"), false))
        .as("it is not there at all")
        .isEqualTo(Step.WAIT);
  }

  @Test
  void patienceEnds() {
    assertThat(InitialLeader.next(false, leader("1", true, false, 0), WANTED, true))
        .isEqualTo(Step.SETTLE);
  }

  /** A leader whose only peer is the wanted node, in this state. */
  private static NodeStatus leader(String id, boolean voter, boolean active, long match) {
    PeerStatus peer =
        new PeerStatus(WANTED, voter, match, match + 1, PeerStatus.State.PIPELINING, active, 0, 0);
    return new NodeStatus(
        NodeId.of(id),
        "chat",
        "",
        "default",
        new NodeCondition.Working(),
        Role.LEADER,
        1,
        Optional.of(NodeId.of(id)),
        COMMIT,
        COMMIT,
        COMMIT,
        COMMIT,
        0,
        List.of(NodeId.of("1"), WANTED),
        List.of(peer),
        Membership.NONE,
        Optional.empty());
  }
}
