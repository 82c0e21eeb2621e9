package dev.quorate.chat.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quorate.chat.client.ChatClient;
import dev.quorate.chat.client.ChatSession;
import dev.quorate.chat.proto.Cause;
import dev.quorate.chat.proto.ChatServiceGrpc;
import dev.quorate.chat.proto.ConversationOrder;
import dev.quorate.chat.proto.CreateAccountResponse;
import dev.quorate.chat.proto.ListAccountsResponse;
import dev.quorate.chat.proto.LogInResponse;
import dev.quorate.chat.proto.Message;
import dev.quorate.chat.proto.NodeHealth;
import dev.quorate.chat.proto.NodeRole;
import dev.quorate.chat.proto.NodeServiceGrpc;
import dev.quorate.chat.proto.Outcome;
import dev.quorate.chat.proto.ReadConversationResponse;
import dev.quorate.chat.proto.ReadUnreadRequest;
import dev.quorate.chat.proto.ReadUnreadResponse;
import dev.quorate.chat.proto.Result;
import dev.quorate.chat.proto.SendMessageRequest;
import dev.quorate.chat.proto.SendMessageResponse;
import dev.quorate.chat.proto.StatusRequest;
import dev.quorate.chat.proto.StatusResponse;
import dev.quorate.chat.state.ChatState;
import dev.quorate.raft.api.Address;
import dev.quorate.raft.api.NodeCondition;
import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.ReadOutcome;
import dev.quorate.raft.api.RejectReason;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The services over real gRPC. */
class ChatServiceTest {

  private static final String PASSWORD = "correct horse";

  private final ChatState state = new ChatState();
  private final ScriptedRaft raft = new ScriptedRaft(state);
  private ChatServer server;
  private ChatClient client;

  /** Gives up soon, for calls that are not to succeed. */
  private ChatClient hasty;

  private ManagedChannel channel;

  @BeforeEach
  void start() throws IOException {
    server = ChatServer.start(new Address("127.0.0.1", 0), raft, state::digest);
    Address address = new Address("127.0.0.1", server.port());
    client = new ChatClient(List.of(address), Duration.ofSeconds(5), Duration.ofSeconds(5));
    hasty = new ChatClient(List.of(address), Duration.ofMillis(500), Duration.ofMillis(500));
    channel = ManagedChannelBuilder.forTarget(address.toString()).usePlaintext().build();
  }

  @AfterEach
  void stop() {
    channel.shutdownNow();
    client.close();
    hasty.close();
    server.close();
  }

  @Test
  void twoUsersTalk() {
    create("alice");
    create("bob");
    ChatSession alice = logIn("alice");

    SendMessageResponse sent = alice.send(alice.newMessage("bob", "  hello "));
    assertOk(sent.getResult());
    LogInResponse login = client.logIn("bob", PASSWORD);
    assertThat(login.getUnread()).isEqualTo(1);
    ChatSession bob = client.session(login.getSessionToken());
    bob.send(bob.newMessage("alice", "hi"));
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
    SendMessageRequest message = alice.newMessage("alice", "note");

    SendMessageResponse first = alice.send(message);
    SendMessageResponse second = alice.send(message);

    assertThat(first.getRepeated()).isFalse();
    assertThat(second).isEqualTo(first.toBuilder().setRepeated(true).build());
    SendMessageRequest other = message.toBuilder().setContent("another").build();
    assertOutcome(alice.send(other).getResult(), Outcome.OUTCOME_SEQUENCE_REUSED);
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

    assertOutcome(
        stranger.send(stranger.newMessage("alice", "hi")).getResult(),
        Outcome.OUTCOME_NOT_LOGGED_IN);
    assertOutcome(stranger.readUnread(1).getResult(), Outcome.OUTCOME_NOT_LOGGED_IN);
    assertOutcome(stranger.listAccounts("*", 1, 1).getResult(), Outcome.OUTCOME_NOT_LOGGED_IN);
    assertOutcome(
        ChatServiceGrpc.newBlockingStub(channel)
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
    assertInvalid(alice.send(alice.newMessage("alice", " ")).getResult(), "after trimming");
    assertInvalid(alice.readUnread(0).getResult(), "page size 0");
    assertOutcome(
        alice.send(alice.newMessage("bob", "hi")).getResult(), Outcome.OUTCOME_NO_SUCH_ACCOUNT);
  }

  @ParameterizedTest
  @CsvSource({
    "NO_LEADER, OUTCOME_UNAVAILABLE, CAUSE_NO_LEADER",
    "NOT_A_MEMBER, OUTCOME_UNAVAILABLE, CAUSE_NOT_A_MEMBER",
    "OVER_LIMIT, OUTCOME_BUSY, CAUSE_OVER_LIMIT",
    "TOO_LARGE, OUTCOME_INVALID, CAUSE_TOO_LARGE",
    "SUPERSEDED, OUTCOME_UNAVAILABLE, CAUSE_SUPERSEDED",
    "TRANSFERRING, OUTCOME_UNAVAILABLE, CAUSE_TRANSFERRING",
    "DEGRADED, OUTCOME_UNAVAILABLE, CAUSE_DEGRADED",
    "NO_SPACE, OUTCOME_UNAVAILABLE, CAUSE_NO_SPACE",
    "TIMED_OUT, OUTCOME_UNAVAILABLE, CAUSE_TIMED_OUT",
    "CLOSED, OUTCOME_UNAVAILABLE, CAUSE_CLOSED"
  })
  void whatTheClusterCannotServeSaysWhy(RejectReason reason, Outcome outcome, Cause cause) {
    raft.nextReads = Optional.of(new ReadOutcome.Refused(reason, "the facts"));
    raft.nextSubmits = Optional.of(new dev.quorate.raft.api.Outcome.Rejected(reason, "the facts"));
    Result expected =
        Result.newBuilder().setOutcome(outcome).setCause(cause).setMessage("the facts").build();
    ChatSession session = hasty.session("token");

    assertThat(hasty.checkUsername("alice").getResult()).isEqualTo(expected);
    assertThat(session.send(session.newMessage("alice", "hi")).getResult()).isEqualTo(expected);
  }

  @Test
  void anUnknownEndIsUnknown() {
    create("alice");
    raft.nextSubmits = Optional.of(new dev.quorate.raft.api.Outcome.Unknown("the leader was lost"));

    CreateAccountResponse response = client.createAccount("bob", PASSWORD);

    assertOutcome(response.getResult(), Outcome.OUTCOME_UNKNOWN);
    assertThat(response.getResult().getMessage()).isEqualTo("the leader was lost");
  }

  @Test
  void aFormingClusterSaysForWhomItWaits() {
    raft.condition = new NodeCondition.Forming(List.of(NodeId.of("3"), NodeId.of("5")));
    raft.nextReads = Optional.of(new ReadOutcome.Refused(RejectReason.NOT_A_MEMBER, "no"));

    Result result = hasty.checkUsername("alice").getResult();

    assertThat(result.getCause()).isEqualTo(Cause.CAUSE_FORMING);
    assertThat(result.getMessage()).endsWith("it waits for node 3, 5");
    StatusResponse status = status();
    assertThat(status.getHealth()).isEqualTo(NodeHealth.NODE_HEALTH_FORMING);
    assertThat(status.getMissingNodesList()).containsExactly(3, 5);
  }

  @Test
  void statusTellsRoleAndDigest() {
    StatusResponse before = status();
    create("alice");
    StatusResponse after = status();

    assertThat(before.getStateHash()).isEqualTo("0".repeat(64));
    assertThat(after.getStateHash()).isEqualTo(state.digest().hash());
    assertThat(after.getStateIndex()).isEqualTo(after.getAppliedIndex()).isEqualTo(1);
    assertThat(after.getRole()).isEqualTo(NodeRole.NODE_ROLE_FOLLOWER);
    assertThat(after.getLeaderId()).isEqualTo(2);
    assertThat(after.getTerm()).isEqualTo(3);
    assertThat(after.getVoters()).isEqualTo(2);
    assertThat(after.hasNodesReachable()).isFalse();
    assertThat(after.getHealth()).isEqualTo(NodeHealth.NODE_HEALTH_WORKING);
    assertThat(after.toString()).as("protobuf may reflect on it").contains("state_hash");
  }

  @Test
  void healthFollowsConditionAndLeader() {
    assertThat(health()).isEqualTo(ServingStatus.NOT_SERVING);
    raft.listener().onConditionChanged(new NodeCondition.Working());
    raft.listener().onLeaderChanged(Optional.of(NodeId.of("2")), 1);
    assertThat(health()).isEqualTo(ServingStatus.SERVING);
    raft.listener().onLeaderChanged(Optional.empty(), 2);
    assertThat(health()).isEqualTo(ServingStatus.NOT_SERVING);
  }

  @Test
  void aPortInUseIsNamed() throws IOException {
    try (ServerSocket taken = new ServerSocket(0)) {
      Address address = new Address("127.0.0.1", taken.getLocalPort());

      assertThatThrownBy(() -> ChatServer.start(address, raft, state::digest))
          .isInstanceOf(IOException.class)
          .hasMessageContaining(address.toString())
          .hasMessageContaining("in use");
    }
  }

  private void create(String name) {
    assertOk(client.createAccount(name, PASSWORD).getResult());
  }

  private ChatSession logIn(String name) {
    LogInResponse response = client.logIn(name, PASSWORD);
    assertOk(response.getResult());
    return client.session(response.getSessionToken());
  }

  private StatusResponse status() {
    return NodeServiceGrpc.newBlockingStub(channel).status(StatusRequest.getDefaultInstance());
  }

  private ServingStatus health() {
    return HealthGrpc.newBlockingStub(channel)
        .check(HealthCheckRequest.newBuilder().setService("quorate.chat.v1.ChatService").build())
        .getStatus();
  }

  private static void assertOk(Result result) {
    assertThat(result).isEqualTo(Answers.OK);
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
