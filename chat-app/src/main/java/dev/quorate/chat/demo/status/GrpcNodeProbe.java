package dev.quorate.chat.demo.status;

import com.google.common.util.concurrent.FutureCallback;
import com.google.common.util.concurrent.Futures;
import com.google.common.util.concurrent.MoreExecutors;
import dev.quorate.chat.demo.machine.Place;
import dev.quorate.chat.proto.NodeHealth;
import dev.quorate.chat.proto.NodeRole;
import dev.quorate.chat.proto.NodeServiceGrpc;
import dev.quorate.chat.proto.StatusRequest;
import dev.quorate.chat.proto.StatusResponse;
import dev.quorate.raft.api.Role;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Asks {@code NodeService.Status} on the node's chat port.
 *
 * <p>After a failure the next question goes over a connection of its own: a channel that failed
 * waits longer and longer before it connects again, and one whose machine was cut off waits for TCP
 * to give up, while people look at the table.
 */
public final class GrpcNodeProbe implements NodeProbe {
  private final Place place;
  private ManagedChannel channel;
  private boolean closed;

  /** Connects at the first question. */
  public GrpcNodeProbe(Place place) {
    this.place = place;
  }

  @Override
  public CompletableFuture<NodeReport> ask(Duration deadline) {
    ManagedChannel used;
    synchronized (this) {
      if (closed) {
        return CompletableFuture.failedFuture(new IllegalStateException("closed"));
      }
      if (channel == null) {
        channel =
            NettyChannelBuilder.forAddress(new InetSocketAddress(place.host(), place.chatPort()))
                .usePlaintext()
                .directExecutor()
                .build();
      }
      used = channel;
    }
    CompletableFuture<NodeReport> answer = new CompletableFuture<>();
    Futures.addCallback(
        NodeServiceGrpc.newFutureStub(used)
            .withDeadlineAfter(deadline.toMillis(), TimeUnit.MILLISECONDS)
            .status(StatusRequest.getDefaultInstance()),
        new FutureCallback<StatusResponse>() {
          @Override
          public void onSuccess(StatusResponse response) {
            answer.complete(report(response));
          }

          @Override
          public void onFailure(Throwable failure) {
            discard(used);
            answer.completeExceptionally(failure);
          }
        },
        MoreExecutors.directExecutor());
    return answer;
  }

  private synchronized void discard(ManagedChannel failed) {
    if (channel == failed) {
      channel = null;
    }
    failed.shutdownNow();
  }

  private static NodeReport report(StatusResponse response) {
    return new NodeReport(
        response.getNodeId(),
        response.getCluster(),
        !response.getClusterId().isEmpty(),
        condition(response.getHealth()),
        message(response),
        response.getMissingNodesList(),
        role(response.getRole()),
        response.getTerm(),
        response.getLeaderId() == 0 ? OptionalInt.empty() : OptionalInt.of(response.getLeaderId()),
        response.getCommitIndex(),
        response.getAppliedIndex(),
        response.getVoters());
  }

  private static String message(StatusResponse response) {
    return response.getHealth() == NodeHealth.NODE_HEALTH_WORKING
        ? String.join("; ", response.getTroublesList())
        : response.getHealthReason();
  }

  private static NodeReport.Condition condition(NodeHealth health) {
    return switch (health) {
      case NODE_HEALTH_WORKING -> NodeReport.Condition.WORKING;
      case NODE_HEALTH_FORMING -> NodeReport.Condition.FORMING;
      case NODE_HEALTH_NOT_A_MEMBER -> NodeReport.Condition.NOT_A_MEMBER;
      case NODE_HEALTH_CLOSED -> NodeReport.Condition.CLOSED;
      // A node of a later version that is in a state unknown here does not simply work.
      case NODE_HEALTH_DEGRADED, NODE_HEALTH_UNSPECIFIED, UNRECOGNIZED ->
          NodeReport.Condition.DEGRADED;
    };
  }

  private static Role role(NodeRole role) {
    return switch (role) {
      case NODE_ROLE_LEADER -> Role.LEADER;
      case NODE_ROLE_CANDIDATE -> Role.CANDIDATE;
      case NODE_ROLE_PRE_CANDIDATE -> Role.PRE_CANDIDATE;
      case NODE_ROLE_LEARNER -> Role.LEARNER;
      case NODE_ROLE_FOLLOWER, NODE_ROLE_UNSPECIFIED, UNRECOGNIZED -> Role.FOLLOWER;
    };
  }

  @Override
  public synchronized void close() {
    closed = true;
    if (channel != null) {
      channel.shutdownNow();
      channel = null;
    }
  }
}
