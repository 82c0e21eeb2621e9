package dev.quorate.chat.member;

import dev.quorate.chat.proto.Cause;
import dev.quorate.chat.proto.ChangeMembersRequest;
import dev.quorate.chat.proto.MemberChange;
import dev.quorate.chat.proto.NodeServiceGrpc;
import dev.quorate.chat.proto.NodeServiceGrpc.NodeServiceBlockingStub;
import dev.quorate.chat.proto.Outcome;
import dev.quorate.chat.proto.Result;
import dev.quorate.chat.proto.StatusRequest;
import dev.quorate.raft.api.Address;
import io.grpc.Deadline;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * Has the members of a cluster changed by its nodes, of which those of this machine do that.
 *
 * @param cluster the cluster's name, so that no other one is changed
 * @param nodes the chat addresses of the nodes, in the order in which they are asked; at least one
 */
public record MemberClient(String cluster, List<Address> nodes) {

  /** Long enough for a machine that is busy; where nothing listens, that is known at once. */
  private static final Duration LOOK = Duration.ofSeconds(20);

  /** Copies the list. */
  public MemberClient {
    nodes = List.copyOf(nodes);
    if (nodes.isEmpty()) {
      throw new IllegalArgumentException("there is no node to ask");
    }
  }

  /**
   * Asks one node after the other until one knows an end, or that there is none within the time.
   *
   * @param node the number of the node that is added, removed or readmitted
   * @param within how long the nodes have for it, from when the first of them answered
   * @return OK when the change is complete; UNAVAILABLE if no node could begin it; UNKNOWN if it
   *     may have begun, and then it goes on
   */
  public Result change(MemberChange change, int node, Duration within) {
    Question question =
        new Question(
            ChangeMembersRequest.newBuilder().setChange(change).setNodeId(node).build(), within);
    Optional<Result> refusal = Optional.empty();
    for (Address address : nodes) {
      Optional<Result> answer = ask(address, question);
      if (answer.isPresent() && answer.get().getOutcome() != Outcome.OUTCOME_UNAVAILABLE) {
        return answer.get();
      }
      refusal = refusal.or(() -> answer);
    }
    return refusal.orElseGet(this::nobodyAnswers);
  }

  /** What all nodes are asked, and until when. */
  private static final class Question {
    private final ChangeMembersRequest request;
    private final Duration within;
    private Deadline deadline;

    Question(ChangeMembersRequest request, Duration within) {
      this.request = request;
      this.within = within;
    }

    /** A client that has just started is slow itself; that is none of the nodes' time. */
    Deadline deadline() {
      if (deadline == null) {
        deadline = Deadline.after(within.toMillis(), TimeUnit.MILLISECONDS);
      }
      return deadline;
    }
  }

  /** Empty if nothing answers there. */
  private Optional<Result> ask(Address address, Question question) {
    ManagedChannel channel =
        NettyChannelBuilder.forAddress(new InetSocketAddress(address.host(), address.port()))
            .usePlaintext()
            .build();
    try {
      NodeServiceBlockingStub node = NodeServiceGrpc.newBlockingStub(channel);
      Optional<String> found = clusterOf(node);
      if (found.isPresent() && !found.get().equals(cluster)) {
        return Optional.of(
            unavailable(
                "at %s is a node of cluster '%s', not '%s'"
                    .formatted(address, found.get(), cluster)));
      }
      return found.map(name -> change(node, address, question));
    } finally {
      channel.shutdownNow();
    }
  }

  private static Optional<String> clusterOf(NodeServiceBlockingStub node) {
    try {
      return Optional.of(
          node.withDeadlineAfter(LOOK.toMillis(), TimeUnit.MILLISECONDS)
              .status(StatusRequest.getDefaultInstance())
              .getCluster());
    } catch (StatusRuntimeException e) {
      return Optional.empty();
    }
  }

  private static Result change(NodeServiceBlockingStub node, Address address, Question question) {
    try {
      return node.withDeadline(question.deadline()).changeMembers(question.request).getResult();
    } catch (StatusRuntimeException e) {
      // It may have heard the question, and may be gone by now.
      return Result.newBuilder()
          .setOutcome(Outcome.OUTCOME_UNKNOWN)
          .setCause(Cause.CAUSE_NOT_REACHED)
          .setMessage("the node at " + address + " does not answer any more")
          .build();
    }
  }

  private Result nobodyAnswers() {
    return unavailable(
        "no node answers at "
            + nodes.stream().map(Address::toString).collect(Collectors.joining(", ")));
  }

  private static Result unavailable(String message) {
    return Result.newBuilder()
        .setOutcome(Outcome.OUTCOME_UNAVAILABLE)
        .setCause(Cause.CAUSE_NOT_REACHED)
        .setMessage(message)
        .build();
  }
}
