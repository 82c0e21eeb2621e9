package dev.quorate.chat.service;

import static dev.quorate.raft.api.NodeHealth.Kind.DISK_STALLED;
import static dev.quorate.raft.api.NodeHealth.Kind.NO_SPACE;

import dev.quorate.chat.proto.ChangeMembersRequest;
import dev.quorate.chat.proto.ChangeMembersResponse;
import dev.quorate.chat.proto.NodeHealth;
import dev.quorate.chat.proto.NodeRole;
import dev.quorate.chat.proto.NodeServiceGrpc;
import dev.quorate.chat.proto.Result;
import dev.quorate.chat.proto.StatusRequest;
import dev.quorate.chat.proto.StatusResponse;
import dev.quorate.chat.state.StateDigest;
import dev.quorate.raft.api.NodeCondition;
import dev.quorate.raft.api.NodeHealth.Finding;
import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.NodeStatus;
import dev.quorate.raft.api.PeerStatus;
import dev.quorate.raft.api.RaftNode;
import dev.quorate.raft.api.Role;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.function.Supplier;

/** {@code NodeService}: what this node knows without asking anybody, and who is a member. */
final class NodeGrpcService extends NodeServiceGrpc.NodeServiceImplBase {

  /** A newcomer is sent all there is before it is a member. */
  private static final long LONGEST_CHANGE_MILLIS = 300_000;

  private final RaftNode node;
  private final Supplier<StateDigest> digest;
  private final MemberChanges changes;

  NodeGrpcService(RaftNode node, Supplier<StateDigest> digest) {
    this.node = node;
    this.digest = digest;
    this.changes = new MemberChanges(node.membership());
  }

  @Override
  public void status(StatusRequest request, StreamObserver<StatusResponse> observer) {
    // The digest first: it may lag behind the applied index that is told, but never lead it.
    StateDigest state = digest.get();
    observer.onNext(response(node.status(), node.health().findings(), state));
    observer.onCompleted();
  }

  @Override
  public void changeMembers(
      ChangeMembersRequest request, StreamObserver<ChangeMembersResponse> observer) {
    Answers.answer(
        observer,
        LONGEST_CHANGE_MILLIS,
        deadline -> {
          OwnMachine.require();
          return changes
              .change(request.getChange(), request.getNodeId(), deadline)
              .thenApply(NodeGrpcService::changed);
        },
        NodeGrpcService::changed);
  }

  private static ChangeMembersResponse changed(Result result) {
    return ChangeMembersResponse.newBuilder().setResult(result).build();
  }

  static StatusResponse response(NodeStatus status, List<Finding> findings, StateDigest state) {
    StatusResponse.Builder response =
        StatusResponse.newBuilder()
            .setNodeId(number(status.node()))
            .setCluster(status.cluster())
            .setClusterId(status.clusterId())
            .setRole(role(status.role()))
            .setTerm(status.term())
            .setLeaderId(status.leader().map(NodeGrpcService::number).orElse(0))
            .setCommitIndex(status.commitIndex())
            .setAppliedIndex(status.appliedIndex())
            .setLastIndex(status.lastIndex())
            .setStateIndex(state.index())
            .setStateHash(state.hash())
            .setVoters(status.voters().size());
    if (status.role() == Role.LEADER) {
      long active = status.peers().stream().filter(PeerStatus::active).count();
      response.setNodesReachable((int) active + 1);
    }
    setCondition(response, status.condition());
    // The rest is in the condition and the leader already.
    findings.stream()
        .filter(finding -> finding.kind() == NO_SPACE || finding.kind() == DISK_STALLED)
        .forEach(finding -> response.addTroubles(finding.message()));
    return response.build();
  }

  private static void setCondition(StatusResponse.Builder response, NodeCondition condition) {
    if (condition instanceof NodeCondition.Working) {
      response.setHealth(NodeHealth.NODE_HEALTH_WORKING);
    } else if (condition instanceof NodeCondition.Forming forming) {
      response
          .setHealth(NodeHealth.NODE_HEALTH_FORMING)
          .setHealthReason(RaftOutcomes.waitingFor(forming));
      forming.missing().forEach(node -> response.addMissingNodes(number(node)));
    } else if (condition instanceof NodeCondition.NotAMember stranger) {
      response.setHealth(NodeHealth.NODE_HEALTH_NOT_A_MEMBER).setHealthReason(stranger.message());
    } else if (condition instanceof NodeCondition.Degraded degraded) {
      response.setHealth(NodeHealth.NODE_HEALTH_DEGRADED).setHealthReason(degraded.message());
    } else {
      response.setHealth(NodeHealth.NODE_HEALTH_CLOSED).setHealthReason("the node is closed");
    }
  }

  private static NodeRole role(Role role) {
    return switch (role) {
      case FOLLOWER -> NodeRole.NODE_ROLE_FOLLOWER;
      case PRE_CANDIDATE -> NodeRole.NODE_ROLE_PRE_CANDIDATE;
      case CANDIDATE -> NodeRole.NODE_ROLE_CANDIDATE;
      case LEADER -> NodeRole.NODE_ROLE_LEADER;
      case LEARNER -> NodeRole.NODE_ROLE_LEARNER;
    };
  }

  /** The chat's nodes are called by the decimal number of the cluster file. */
  private static int number(NodeId node) {
    return Integer.parseInt(node.value());
  }
}
