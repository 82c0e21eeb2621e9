package dev.quorate.chat.demo;

import dev.quorate.chat.demo.machine.Layout;
import dev.quorate.chat.demo.machine.Place;
import dev.quorate.chat.proto.Cause;
import dev.quorate.chat.proto.ChangeMembersRequest;
import dev.quorate.chat.proto.MemberChange;
import dev.quorate.chat.proto.NodeServiceGrpc;
import dev.quorate.chat.proto.Outcome;
import dev.quorate.chat.proto.Result;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Asks the nodes of this machine, which serve it alone, one after the other. */
final class GrpcMembers implements Members {

  /** A node that comes back empty is sent everything. */
  private static final Duration WITHIN = Duration.ofSeconds(60);

  private final Layout layout;

  GrpcMembers(Layout layout) {
    this.layout = layout;
  }

  @Override
  public Result readmit(int node) {
    ChangeMembersRequest request =
        ChangeMembersRequest.newBuilder()
            .setChange(MemberChange.MEMBER_CHANGE_READMIT)
            .setNodeId(node)
            .build();
    Result last =
        unavailable("no other node runs on this machine; type it on the other one", false);
    for (Place place : layout.local()) {
      if (place.node() == node) {
        continue;
      }
      last = ask(place, request);
      if (last.getOutcome() != Outcome.OUTCOME_UNAVAILABLE) {
        return last;
      }
    }
    return last;
  }

  private static Result ask(Place place, ChangeMembersRequest request) {
    ManagedChannel channel =
        NettyChannelBuilder.forAddress(new InetSocketAddress(place.host(), place.chatPort()))
            .usePlaintext()
            .build();
    try {
      return NodeServiceGrpc.newBlockingStub(channel)
          .withDeadlineAfter(WITHIN.toMillis(), TimeUnit.MILLISECONDS)
          .changeMembers(request)
          .getResult();
    } catch (StatusRuntimeException e) {
      // What has begun goes on, and may be asked for again.
      boolean asked = e.getStatus().getCode() != Status.Code.UNAVAILABLE;
      return unavailable("node " + place.node() + " does not answer", asked);
    } finally {
      channel.shutdownNow();
    }
  }

  private static Result unavailable(String message, boolean asked) {
    return Result.newBuilder()
        .setOutcome(asked ? Outcome.OUTCOME_UNKNOWN : Outcome.OUTCOME_UNAVAILABLE)
        .setCause(Cause.CAUSE_NOT_REACHED)
        .setMessage(message)
        .build();
  }
}
