package dev.quorate.chat.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.chat.proto.NodeHealth;
import dev.quorate.chat.proto.NodeRole;
import dev.quorate.chat.proto.StatusResponse;
import dev.quorate.chat.state.StateDigest;
import dev.quorate.raft.api.Membership;
import dev.quorate.raft.api.NodeCondition;
import dev.quorate.raft.api.NodeHealth.Finding;
import dev.quorate.raft.api.NodeHealth.Kind;
import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.NodeStatus;
import dev.quorate.raft.api.PeerStatus;
import dev.quorate.raft.api.Role;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class NodeGrpcServiceTest {

  private static final StateDigest DIGEST = new StateDigest(7, "ab".repeat(32));

  @Test
  void aLeaderTellsHowManyItReaches() {
    StatusResponse response =
        response(
            Role.LEADER, new NodeCondition.Working(), List.of(peer("1", true), peer("3", false)));

    assertThat(response)
        .isEqualTo(
            StatusResponse.newBuilder()
                .setNodeId(2)
                .setCluster("chat")
                .setClusterId("c1")
                .setHealth(NodeHealth.NODE_HEALTH_WORKING)
                .setRole(NodeRole.NODE_ROLE_LEADER)
                .setTerm(4)
                .setLeaderId(2)
                .setCommitIndex(9)
                .setAppliedIndex(8)
                .setLastIndex(10)
                .setStateIndex(7)
                .setStateHash("ab".repeat(32))
                .setNodesReachable(2)
                .setVoters(3)
                .build());
  }

  @ParameterizedTest
  @EnumSource(value = Role.class, names = "LEADER", mode = EnumSource.Mode.EXCLUDE)
  void othersDoNotKnow(Role role) {
    StatusResponse response = response(role, new NodeCondition.Working(), List.of());

    assertThat(response.hasNodesReachable()).isFalse();
    assertThat(response.getRole().name()).isEqualTo("NODE_ROLE_" + role);
  }

  @Test
  void everyConditionHasItsReason() {
    StatusResponse forming =
        response(new NodeCondition.Forming(List.of(NodeId.of("1"), NodeId.of("3"))));
    assertThat(forming.getHealth()).isEqualTo(NodeHealth.NODE_HEALTH_FORMING);
    assertThat(forming.getMissingNodesList()).containsExactly(1, 3);
    assertThat(forming.getHealthReason()).contains("waits for node 1, 3");
    StatusResponse degraded =
        response(new NodeCondition.Degraded(NodeCondition.Fault.HALTED, "the disk is broken"));
    assertThat(degraded.getHealth()).isEqualTo(NodeHealth.NODE_HEALTH_DEGRADED);
    assertThat(degraded.getHealthReason()).isEqualTo("the disk is broken");
    StatusResponse stranger = response(new NodeCondition.NotAMember("wiped"));
    assertThat(stranger.getHealth()).isEqualTo(NodeHealth.NODE_HEALTH_NOT_A_MEMBER);
    assertThat(stranger.getHealthReason()).isEqualTo("wiped");
    StatusResponse closed = response(new NodeCondition.Closed());
    assertThat(closed.getHealth()).isEqualTo(NodeHealth.NODE_HEALTH_CLOSED);
  }

  @Test
  void aFullDiskIsToldThoughTheNodeWorks() {
    List<Finding> findings =
        List.of(new Finding(Kind.NO_LEADER, "none"), new Finding(Kind.NO_SPACE, "no room"));

    StatusResponse response =
        response(Role.FOLLOWER, new NodeCondition.Working(), List.of(), findings);

    assertThat(response.getHealth()).isEqualTo(NodeHealth.NODE_HEALTH_WORKING);
    assertThat(response.getTroublesList()).containsExactly("no room");
  }

  @Test
  void aResponseCanBePrinted() {
    // Protobuf reflects on its messages for that, which the module must allow.
    assertThat(response(new NodeCondition.Working()).toString()).contains("state_hash");
  }

  private static StatusResponse response(NodeCondition condition) {
    return response(Role.FOLLOWER, condition, List.of());
  }

  private static StatusResponse response(
      Role role, NodeCondition condition, List<PeerStatus> peers) {
    return response(role, condition, peers, List.of());
  }

  private static StatusResponse response(
      Role role, NodeCondition condition, List<PeerStatus> peers, List<Finding> findings) {
    NodeId self = NodeId.of("2");
    return NodeGrpcService.response(
        new NodeStatus(
            self,
            "chat",
            "c1",
            "default",
            condition,
            role,
            4,
            Optional.of(self),
            9,
            8,
            10,
            10,
            0,
            List.of(NodeId.of("1"), self, NodeId.of("3")),
            peers,
            Membership.NONE,
            Optional.empty()),
        findings,
        DIGEST);
  }

  private static PeerStatus peer(String id, boolean active) {
    return new PeerStatus(NodeId.of(id), true, 5, 6, PeerStatus.State.PIPELINING, active, 0, 0);
  }
}
