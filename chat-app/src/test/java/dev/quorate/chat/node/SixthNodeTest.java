package dev.quorate.chat.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.chat.client.ChatClient;
import dev.quorate.chat.client.ChatSession;
import dev.quorate.chat.proto.ConversationOrder;
import dev.quorate.chat.proto.MemberChange;
import dev.quorate.chat.proto.Message;
import dev.quorate.chat.proto.NodeHealth;
import dev.quorate.chat.proto.Outcome;
import dev.quorate.chat.proto.Result;
import dev.quorate.chat.proto.SendMessageResponse;
import dev.quorate.chat.proto.StatusResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Scenario S13: a sixth node is added and removed while sending goes on. */
@Timeout(300)
class SixthNodeTest {

  private static final Duration LONG = Duration.ofSeconds(30);
  private static final int BETWEEN = 20;
  private static final int PAGE = 1_000;

  @TempDir private Path directory;

  @Test
  void comesAndGoesWhileMessagesAreSent() throws Exception {
    try (TestCluster cluster = new TestCluster(5, 2, directory)) {
      cluster.startAll();
      for (int id = 1; id <= 5; id++) {
        cluster.awaitStatus(id, status -> status.getLeaderId() == 2);
      }
      ChatClient client = cluster.client(LONG);
      assertOk(client.createAccount("alice", "correct horse").getResult());
      ChatSession alice = client.session(client.logIn("alice", "correct horse").getSessionToken());
      AtomicInteger sent = new AtomicInteger();
      AtomicBoolean ending = new AtomicBoolean();
      CompletableFuture<List<String>> sending =
          CompletableFuture.supplyAsync(() -> send(alice, sent, ending));

      awaitMore(sent, sending);
      cluster.startNewcomer(6);
      cluster.awaitStatus(6, status -> status.getHealth() == NodeHealth.NODE_HEALTH_NOT_A_MEMBER);
      assertOk(cluster.change(1, MemberChange.MEMBER_CHANGE_ADD, 6));
      cluster.awaitStatus(6, status -> status.getVoters() == 6);
      awaitMore(sent, sending);

      assertOk(cluster.change(3, MemberChange.MEMBER_CHANGE_REMOVE, 6));
      cluster.awaitStatus(2, status -> status.getVoters() == 5);
      cluster.awaitStatus(6, status -> status.getHealth() == NodeHealth.NODE_HEALTH_NOT_A_MEMBER);
      awaitMore(sent, sending);
      assertThat(cluster.change(1, MemberChange.MEMBER_CHANGE_REMOVE, 6).getOutcome())
          .isEqualTo(Outcome.OUTCOME_INVALID);
      ending.set(true);

      List<String> acknowledged = sending.join();
      assertThat(conversation(alice)).containsExactlyElementsOf(acknowledged);
      StatusResponse leader = cluster.awaitStatus(2, status -> status.getLeaderId() != 0);
      assertThat(leader.getVoters()).isEqualTo(5);
    }
  }

  /** Sends one message after the other; whatever happens, each is acknowledged. */
  private static List<String> send(ChatSession alice, AtomicInteger sent, AtomicBoolean ending) {
    List<String> acknowledged = new ArrayList<>();
    while (!ending.get()) {
      String content = "message " + sent.get();
      SendMessageResponse response = alice.send("alice", content);
      assertOk(response.getResult());
      acknowledged.add(content);
      sent.incrementAndGet();
    }
    return acknowledged;
  }

  private static void awaitMore(AtomicInteger sent, CompletableFuture<?> sending) {
    int until = sent.get() + BETWEEN;
    while (sent.get() < until) {
      if (sending.isDone()) {
        sending.join();
        throw new AssertionError("nobody sends any more");
      }
      LockSupport.parkNanos(10_000_000);
    }
  }

  private static List<String> conversation(ChatSession alice) {
    List<String> contents = new ArrayList<>();
    long cursor = 0;
    do {
      var page =
          alice.readConversation(
              "alice", ConversationOrder.CONVERSATION_ORDER_OLDEST_FIRST, cursor, PAGE);
      assertOk(page.getResult());
      page.getMessagesList().stream().map(Message::getContent).forEach(contents::add);
      cursor = page.getNextCursor();
    } while (cursor != 0);
    return contents;
  }

  private static void assertOk(Result result) {
    assertThat(result.getOutcome()).as(result.getMessage()).isEqualTo(Outcome.OUTCOME_OK);
  }
}
