package dev.quorate.chat.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.chat.client.ChatClient;
import dev.quorate.chat.client.ChatSession;
import dev.quorate.chat.proto.Cause;
import dev.quorate.chat.proto.CheckUsernameResponse;
import dev.quorate.chat.proto.ConversationOrder;
import dev.quorate.chat.proto.LogInResponse;
import dev.quorate.chat.proto.Message;
import dev.quorate.chat.proto.NodeHealth;
import dev.quorate.chat.proto.Outcome;
import dev.quorate.chat.proto.ReadConversationResponse;
import dev.quorate.chat.proto.Result;
import dev.quorate.chat.proto.SendMessageRequest;
import dev.quorate.chat.proto.SendMessageResponse;
import dev.quorate.chat.proto.StatusResponse;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three nodes: what one was told all know, and what happens when some are gone. */
class ChatClusterTest {

  private static final String PASSWORD = "correct horse";
  private static final Duration LONG = Duration.ofSeconds(30);
  private static final Duration SHORT = Duration.ofSeconds(3);

  @TempDir private Path directory;

  @Test
  void survivesItsLeaderAndSaysWhenItCannotServe() throws IOException {
    try (TestCluster cluster = new TestCluster(3, 2, directory)) {
      cluster.start(1);
      StatusResponse forming =
          cluster.awaitStatus(1, s -> s.getHealth() == NodeHealth.NODE_HEALTH_FORMING);
      assertThat(forming.getMissingNodesList()).containsExactly(2, 3);
      Result notYet = cluster.client(SHORT, 1).checkUsername("alice").getResult();
      assertThat(notYet.getOutcome()).isEqualTo(Outcome.OUTCOME_UNAVAILABLE);
      assertThat(notYet.getCause()).isEqualTo(Cause.CAUSE_FORMING);
      cluster.start(2);
      cluster.start(3);
      for (int id = 1; id <= 3; id++) {
        cluster.awaitStatus(id, s -> s.getLeaderId() == 2);
      }

      // One node after the other serves, whoever leads.
      assertOk(cluster.client(LONG, 1).createAccount("alice", PASSWORD).getResult());
      assertOk(cluster.client(LONG, 3).createAccount("bob", PASSWORD).getResult());
      ChatClient client = cluster.client(LONG, 1, 2, 3);
      LogInResponse login = client.logIn("alice", PASSWORD);
      assertOk(login.getResult());
      ChatSession alice = client.session(login.getSessionToken());
      SendMessageRequest message =
          SendMessageRequest.newBuilder()
              .setClientId(alice.addClient().getClientId())
              .setSequence(1)
              .setRecipient("bob")
              .setContent("hello")
              .build();
      SendMessageResponse sent = alice.send(message);
      assertOk(sent.getResult());
      assertSameState(cluster, 1, 2, 3);

      // The leader is gone; the session lives on, and a retry is the same message.
      cluster.stop(2);
      SendMessageResponse again = alice.send(message);
      assertThat(again).isEqualTo(sent);
      assertThat(conversation(alice).getMessagesList())
          .extracting(Message::getContent)
          .containsExactly("hello");

      // No quorum: nothing is said to be done, and nothing stale is read.
      cluster.stop(1);
      CheckUsernameResponse stale = cluster.client(SHORT, 3).checkUsername("alice");
      assertThat(stale.getResult().getOutcome()).isEqualTo(Outcome.OUTCOME_UNAVAILABLE);
      ChatSession cutOff = cluster.client(SHORT, 3).session(login.getSessionToken());
      SendMessageRequest late = message.toBuilder().setSequence(2).setContent("late").build();
      assertThat(cutOff.send(late).getResult().getOutcome())
          .isIn(Outcome.OUTCOME_UNAVAILABLE, Outcome.OUTCOME_UNKNOWN);

      // A quorum again: what failed is there at most once, and exactly once when it is retried.
      cluster.start(1);
      assertOk(client.session(login.getSessionToken()).send(late).getResult());
      assertThat(conversation(alice).getMessagesList())
          .extracting(Message::getContent)
          .containsExactly("hello", "late");

      // The initial leader comes back and catches up; leadership was settled once and stays.
      int leader = cluster.awaitStatus(1, s -> s.getLeaderId() != 0).getLeaderId();
      cluster.start(2);
      assertSameState(cluster, 1, 2, 3);
      assertThat(cluster.awaitStatus(2, s -> s.getLeaderId() != 0).getLeaderId()).isEqualTo(leader);
    }
  }

  @Test
  void aNodeAloneKeepsItsStateOverARestart() throws IOException {
    try (TestCluster cluster = new TestCluster(1, 1, directory)) {
      cluster.startAll();
      ChatClient client = cluster.client(LONG);
      assertOk(client.createAccount("alice", PASSWORD).getResult());
      StatusResponse before = cluster.awaitStatus(1, s -> s.getStateIndex() > 0);

      cluster.stop(1);
      cluster.start(1);

      assertThat(client.checkUsername("alice").getExists()).isTrue();
      StatusResponse after = cluster.awaitStatus(1, s -> true);
      assertThat(after.getStateHash()).isEqualTo(before.getStateHash());
      assertThat(after.getClusterId()).isEqualTo(before.getClusterId());
    }
  }

  private static void assertSameState(TestCluster cluster, int first, int... others) {
    for (int id : others) {
      // The first may apply more meanwhile (who leads is settled at some time), so it is asked
      // anew.
      cluster.awaitStatus(
          id,
          status ->
              cluster
                  .status(first)
                  .filter(one -> one.getStateIndex() == status.getStateIndex())
                  .filter(one -> one.getAppliedIndex() == status.getAppliedIndex())
                  .map(one -> assertEqualHash(one, status))
                  .orElse(false));
    }
  }

  private static boolean assertEqualHash(StatusResponse one, StatusResponse other) {
    assertThat(other.getStateHash()).isEqualTo(one.getStateHash());
    return true;
  }

  private static ReadConversationResponse conversation(ChatSession session) {
    ReadConversationResponse response =
        session.readConversation("bob", ConversationOrder.CONVERSATION_ORDER_OLDEST_FIRST, 0, 100);
    assertOk(response.getResult());
    return response;
  }

  private static void assertOk(Result result) {
    assertThat(result.getOutcome()).as(result.getMessage()).isEqualTo(Outcome.OUTCOME_OK);
  }
}
