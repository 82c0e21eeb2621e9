package dev.quorate.chat.member;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.chat.proto.Cause;
import dev.quorate.chat.proto.ChangeMembersRequest;
import dev.quorate.chat.proto.ChangeMembersResponse;
import dev.quorate.chat.proto.MemberChange;
import dev.quorate.chat.proto.NodeServiceGrpc;
import dev.quorate.chat.proto.Outcome;
import dev.quorate.chat.proto.Result;
import dev.quorate.chat.proto.StatusRequest;
import dev.quorate.chat.proto.StatusResponse;
import dev.quorate.raft.api.Address;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whom it asks, and what it makes of what goes wrong between it and a node. */
@Timeout(60)
class MemberClientTest {

  private static final String HOST = "127.0.0.1";
  private static final Duration LONG = Duration.ofSeconds(30);

  private final List<Server> servers = new ArrayList<>();
  private final List<Integer> asked = new CopyOnWriteArrayList<>();

  @AfterEach
  void end() {
    servers.forEach(Server::shutdownNow);
  }

  @Test
  void whoIsNotThereIsPassedOver() throws IOException {
    Result result = change(nobody(), node("chat", answer(Outcome.OUTCOME_OK)));

    assertThat(result.getOutcome()).isEqualTo(Outcome.OUTCOME_OK);
    assertThat(asked).hasSize(1);
  }

  @Test
  void whoCannotDoItIsPassedOverAndItsReasonIsKept() throws IOException {
    Result result = change(node("chat", answer(Outcome.OUTCOME_UNAVAILABLE)), nobody());

    assertThat(result).isEqualTo(answer(Outcome.OUTCOME_UNAVAILABLE).orElseThrow());
  }

  @Test
  void aRefusalIsTheEnd() throws IOException {
    Result result =
        change(
            node("chat", answer(Outcome.OUTCOME_INVALID)),
            node("chat", answer(Outcome.OUTCOME_OK)));

    assertThat(result.getOutcome()).isEqualTo(Outcome.OUTCOME_INVALID);
    assertThat(asked).hasSize(1);
  }

  @Test
  void aNodeOfAnotherClusterIsNotAsked() throws IOException {
    Result result = change(node("other", answer(Outcome.OUTCOME_OK)));

    assertThat(result.getOutcome()).isEqualTo(Outcome.OUTCOME_UNAVAILABLE);
    assertThat(result.getMessage()).contains("is a node of cluster 'other', not 'chat'");
    assertThat(asked).isEmpty();
  }

  @Test
  void aNodeThatIsGoneAfterTheQuestionLeavesTheEndOpen() throws IOException {
    Result result =
        change(node("chat", Optional.empty()), node("chat", answer(Outcome.OUTCOME_OK)));

    assertThat(result.getOutcome()).isEqualTo(Outcome.OUTCOME_UNKNOWN);
    assertThat(asked).hasSize(1);
  }

  @Test
  void whereNobodyAnswersIsSaid() throws IOException {
    Address first = nobody();
    Address second = nobody();
    Result result = change(first, second);

    assertThat(result.getOutcome()).isEqualTo(Outcome.OUTCOME_UNAVAILABLE);
    assertThat(result.getCause()).isEqualTo(Cause.CAUSE_NOT_REACHED);
    assertThat(result.getMessage()).contains(first.toString(), second.toString());
  }

  private static Result change(Address... nodes) {
    return new MemberClient("chat", List.of(nodes)).change(MemberChange.MEMBER_CHANGE_ADD, 6, LONG);
  }

  private static Optional<Result> answer(Outcome outcome) {
    return Optional.of(Result.newBuilder().setOutcome(outcome).setMessage("the facts").build());
  }

  /** A port at which nothing listens at the moment. */
  private static Address nobody() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName(HOST))) {
      return new Address(HOST, socket.getLocalPort());
    }
  }

  /** A node of a cluster; without an answer its connection breaks when it is asked. */
  private Address node(String cluster, Optional<Result> answer) throws IOException {
    Server server =
        NettyServerBuilder.forAddress(new InetSocketAddress(HOST, 0))
            .addService(new Node(cluster, answer))
            .build()
            .start();
    servers.add(server);
    return new Address(HOST, server.getPort());
  }

  private final class Node extends NodeServiceGrpc.NodeServiceImplBase {
    private final String cluster;
    private final Optional<Result> answer;

    Node(String cluster, Optional<Result> answer) {
      this.cluster = cluster;
      this.answer = answer;
    }

    @Override
    public void status(StatusRequest request, StreamObserver<StatusResponse> observer) {
      observer.onNext(StatusResponse.newBuilder().setCluster(cluster).build());
      observer.onCompleted();
    }

    @Override
    public void changeMembers(
        ChangeMembersRequest request, StreamObserver<ChangeMembersResponse> observer) {
      asked.add(request.getNodeId());
      if (answer.isEmpty()) {
        observer.onError(Status.UNAVAILABLE.asException());
        return;
      }
      observer.onNext(ChangeMembersResponse.newBuilder().setResult(answer.get()).build());
      observer.onCompleted();
    }
  }
}
