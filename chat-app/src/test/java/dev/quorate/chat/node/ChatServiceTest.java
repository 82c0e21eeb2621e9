package dev.quorate.chat.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quorate.chat.client.ChatClient;
import dev.quorate.chat.client.ChatSession;
import dev.quorate.chat.cluster.ClusterNode;
import dev.quorate.chat.command.AddClient;
import dev.quorate.chat.proto.ChatServiceGrpc;
import dev.quorate.chat.proto.ConversationOrder;
import dev.quorate.chat.proto.ListAccountsResponse;
import dev.quorate.chat.proto.LogInResponse;
import dev.quorate.chat.proto.Message;
import dev.quorate.chat.proto.NodeHealth;
import dev.quorate.chat.proto.NodeRole;
import dev.quorate.chat.proto.Outcome;
import dev.quorate.chat.proto.ReadConversationResponse;
import dev.quorate.chat.proto.ReadUnreadRequest;
import dev.quorate.chat.proto.ReadUnreadResponse;
import dev.quorate.chat.proto.Result;
import dev.quorate.chat.proto.SendMessageRequest;
import dev.quorate.chat.proto.SendMessageResponse;
import dev.quorate.chat.proto.StatusResponse;
import dev.quorate.raft.api.Address;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.reflection.v1.ServiceResponse;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The services of a cluster of one node, over real gRPC. */
class ChatServiceTest {

  private static final String PASSWORD = "correct horse";

  @TempDir private Path directory;
  private TestCluster cluster;
  private ChatClient client;

  @BeforeEach
  void start() throws IOException {
    cluster = new TestCluster(1, 1, directory);
    cluster.startAll();
    client = cluster.client(Duration.ofSeconds(20));
  }

  @AfterEach
  void stop() {
    cluster.close();
  }

  @Test
  void twoUsersTalk() {
    create("alice");
    create("bob");
    ChatSession alice = logIn("alice");

    SendMessageResponse sent = alice.send("bob", "  hello ");
    assertOk(sent.getResult());
    LogInResponse login = client.logIn("bob", PASSWORD);
    assertThat(login.getUnread()).isEqualTo(1);
    ChatSession bob = client.session(login.getSessionToken());
    bob.send("alice", "hi");
    ReadUnreadResponse unread = bob.readUnread(10);
    assertThat(unread.getMessagesList()).extracting(Message::getContent).containsExactly("hello");
    assertThat(unread.getRemaining()).isZero();

    ReadConversationResponse conversation =
        alice.readConversation("bob", ConversationOrder.CONVERSATION_ORDER_NEWEST_FIRST, 0, 10);
    assertOk(conversation.getResult());
    assertThat(conversation.getMessagesList())
        .extracting(Message::getContent)
        .containsExactly("hi", "hello");
    assertThat(conversation.getMessages(1))
        .isEqualTo(
            Message.newBuilder()
                .setId(sent.getMessageId())
                .setSentAt(sent.getSentAt())
                .setSender("alice")
                .setRecipient("bob")
                .setContent("hello")
                .setRead(true)
                .build());
    assertThat(conversation.getTotal()).isEqualTo(2);
    assertThat(conversation.getUnread()).isEqualTo(1);
    assertThat(conversation.getNextCursor()).isZero();
  }

  @Test
  void aRetryIsTheSameMessage() {
    create("alice");
    ChatSession alice = logIn("alice");
    SendMessageRequest message =
        SendMessageRequest.newBuilder()
            .setClientId(alice.addClient().getClientId())
            .setSequence(1)
            .setRecipient("alice")
            .setContent("note")
            .build();

    SendMessageResponse first = alice.send(message);
    assertOk(first.getResult());
    assertThat(alice.send(message)).isEqualTo(first);
    SendMessageRequest other = message.toBuilder().setContent("another").build();
    assertOutcome(alice.send(other).getResult(), Outcome.OUTCOME_SEQUENCE_REUSED);
    SendMessageRequest third = message.toBuilder().setSequence(3).build();
    assertOutcome(alice.send(third).getResult(), Outcome.OUTCOME_OUT_OF_SEQUENCE);
    SendMessageRequest second = message.toBuilder().setSequence(2).build();
    assertOk(alice.send(second).getResult());
    // The end of the first is not kept any more, and a client asks for it as long as it has time.
    LogInResponse login = client.logIn("alice", PASSWORD);
    ChatSession impatient = cluster.client(Duration.ofSeconds(1)).session(login.getSessionToken());
    assertOutcome(impatient.send(message).getResult(), Outcome.OUTCOME_UNKNOWN);
    assertThat(logIn("alice").readUnread(10).getMessagesList()).hasSize(2);
  }

  @Test
  void nobodySendsAsSomebodyElsesClient() {
    create("alice");
    create("mallory");
    ChatSession alice = logIn("alice");
    SendMessageRequest message =
        SendMessageRequest.newBuilder()
            .setClientId(alice.addClient().getClientId())
            .setSequence(1)
            .setRecipient("alice")
            .setContent("note")
            .build();

    assertOutcome(logIn("mallory").send(message).getResult(), Outcome.OUTCOME_UNKNOWN_CLIENT);
    assertInvalid(
        alice.send(message.toBuilder().setClientId(0).build()).getResult(), "client id 0");
    assertInvalid(alice.send(message.toBuilder().setSequence(0).build()).getResult(), "sequence 0");
    assertOk(alice.send(message).getResult());
  }

  @Test
  void aClientWhoseIdWasTakenBackGoesOnWithAnother() {
    create("alice");
    ChatSession alice = logIn("alice");
    assertOk(alice.send("alice", "one").getResult());
    assertOutcome(alice.send("nobody", "two").getResult(), Outcome.OUTCOME_NO_SUCH_ACCOUNT);
    assertInvalid(alice.send("alice", " ").getResult(), "after trimming");
    for (int i = 0; i < AddClient.MAX_CLIENTS; i++) {
      assertOk(alice.addClient().getResult());
    }

    assertOk(alice.send("alice", "three").getResult());
    assertThat(alice.readUnread(10).getMessagesList())
        .extracting(Message::getContent)
        .containsExactly("one", "three");
  }

  @Test
  void accountsAreCreatedOnceFoundAndListed() {
    create("alice");
    create("bob");

    assertOutcome(client.createAccount("alice", PASSWORD).getResult(), Outcome.OUTCOME_NAME_TAKEN);
    assertThat(client.checkUsername("alice").getExists()).isTrue();
    assertOk(client.checkUsername("carol").getResult());
    assertThat(client.checkUsername("carol").getExists()).isFalse();
    ListAccountsResponse list = logIn("alice").listAccounts("", 1, 10);
    assertThat(list.getNamesList()).containsExactly("alice", "bob");
    assertThat(list.getTotal()).isEqualTo(2);
  }

  @Test
  void wrongNameAndWrongPasswordLookAlikeAndAreSlowed() {
    create("alice");

    Result wrongPassword = client.logIn("alice", "wrong password").getResult();
    Result wrongName = client.logIn("nobody", "wrong password").getResult();

    assertOutcome(wrongPassword, Outcome.OUTCOME_WRONG_CREDENTIALS);
    assertThat(wrongName).isEqualTo(wrongPassword);
    for (int i = 1; i < 5; i++) {
      client.logIn("nobody", "wrong password");
    }
    Result slowed = client.logIn("nobody", "wrong password").getResult();
    assertOutcome(slowed, Outcome.OUTCOME_TOO_MANY_ATTEMPTS);
    assertThat(slowed.getRetryAfterMillis()).isBetween(1L, 251L);
  }

  @Test
  void strangersAreRefused() {
    ChatSession stranger = client.session("made up");

    assertOutcome(stranger.send("alice", "hi").getResult(), Outcome.OUTCOME_NOT_LOGGED_IN);
    assertOutcome(stranger.readUnread(1).getResult(), Outcome.OUTCOME_NOT_LOGGED_IN);
    assertOutcome(stranger.listAccounts("*", 1, 1).getResult(), Outcome.OUTCOME_NOT_LOGGED_IN);
    assertOutcome(
        ChatServiceGrpc.newBlockingStub(cluster.channel(1))
            .readUnread(ReadUnreadRequest.newBuilder().setPageSize(1).build())
            .getResult(),
        Outcome.OUTCOME_NOT_LOGGED_IN);
  }

  @Test
  void ruleBreakersAreToldTheRule() {
    create("alice");
    ChatSession alice = logIn("alice");

    assertInvalid(client.createAccount("", PASSWORD).getResult(), "1 to 64 characters");
    assertInvalid(client.createAccount("bob", "short").getResult(), "8 to 256 characters");
    assertInvalid(client.createAccount("bob", "x".repeat(257)).getResult(), "8 to 256");
    assertInvalid(client.checkUsername("a\nb").getResult(), "control characters");
    assertInvalid(alice.listAccounts("*", 0, 10).getResult(), "page 0");
    assertInvalid(alice.listAccounts("*", 1, 1001).getResult(), "page size 1001");
    assertInvalid(alice.listAccounts("[", 1, 1).getResult(), "pattern");
    assertInvalid(alice.send("alice", " ").getResult(), "after trimming");
    assertInvalid(alice.readUnread(0).getResult(), "page size 0");
    assertOutcome(alice.send("bob", "hi").getResult(), Outcome.OUTCOME_NO_SUCH_ACCOUNT);
  }

  @Test
  void statusTellsTheLeaderAndTheDigest() {
    StatusResponse before = cluster.awaitStatus(1, status -> status.getStateIndex() > 0);
    create("alice");
    StatusResponse after =
        cluster.awaitStatus(1, status -> status.getStateIndex() > before.getStateIndex());

    assertThat(after.getStateHash()).matches("[0-9a-f]{64}").isNotEqualTo(before.getStateHash());
    assertThat(after.getRole()).isEqualTo(NodeRole.NODE_ROLE_LEADER);
    assertThat(after.getLeaderId()).isEqualTo(1);
    assertThat(after.getNodesReachable()).isEqualTo(1);
    assertThat(after.getHealth()).isEqualTo(NodeHealth.NODE_HEALTH_WORKING);
  }

  @Test
  void healthCheckingAndReflectionAreThere() {
    create("alice");

    assertThat(
            HealthGrpc.newBlockingStub(cluster.channel(1))
                .check(
                    HealthCheckRequest.newBuilder()
                        .setService("quorate.chat.v1.ChatService")
                        .build())
                .getStatus())
        .isEqualTo(ServingStatus.SERVING);
    assertThat(services()).contains("quorate.chat.v1.ChatService", "quorate.chat.v1.NodeService");
  }

  /** What reflection lists; the answer's bytes have the names in clear. */
  private List<String> services() {
    CompletableFuture<List<String>> names = new CompletableFuture<>();
    StreamObserver<ServerReflectionRequest> requests =
        ServerReflectionGrpc.newStub(cluster.channel(1))
            .serverReflectionInfo(new FirstAnswer(names));
    requests.onNext(ServerReflectionRequest.newBuilder().setListServices("*").build());
    requests.onCompleted();
    return names.join();
  }

  /** Takes the list of services from the first answer. */
  private record FirstAnswer(CompletableFuture<List<String>> names)
      implements StreamObserver<ServerReflectionResponse> {
    @Override
    public void onNext(ServerReflectionResponse response) {
      names.complete(
          response.getListServicesResponse().getServiceList().stream()
              .map(ServiceResponse::getName)
              .toList());
    }

    @Override
    public void onError(Throwable thrown) {
      names.completeExceptionally(thrown);
    }

    @Override
    public void onCompleted() {
      names.completeExceptionally(new AssertionError("no answer"));
    }
  }

  @Test
  void aPortInUseIsNamed() throws IOException {
    ClusterNode self = cluster.file().nodes().get(0);
    cluster.stop(1);
    for (Address address : List.of(self.chatAddress(), self.raftAddress())) {
      try (ServerSocket taken = new ServerSocket()) {
        taken.bind(new InetSocketAddress(address.host(), address.port()));

        assertThatThrownBy(() -> cluster.start(1))
            .isInstanceOf(IOException.class)
            .hasMessageContaining(address.toString())
            .hasMessageContaining("in use");
      }
    }
    cluster.start(1);
  }

  private void create(String name) {
    assertOk(client.createAccount(name, PASSWORD).getResult());
  }

  private ChatSession logIn(String name) {
    LogInResponse response = client.logIn(name, PASSWORD);
    assertOk(response.getResult());
    return client.session(response.getSessionToken());
  }

  private static void assertOk(Result result) {
    assertThat(result).isEqualTo(Result.newBuilder().setOutcome(Outcome.OUTCOME_OK).build());
  }

  private static void assertOutcome(Result result, Outcome outcome) {
    assertThat(result.getOutcome()).isEqualTo(outcome);
    assertThat(result.getMessage()).isNotEmpty();
  }

  private static void assertInvalid(Result result, String rule) {
    assertOutcome(result, Outcome.OUTCOME_INVALID);
    assertThat(result.getMessage()).contains(rule);
  }
}
