package dev.quorate.raft.engine.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.raft.api.ApplyContext;
import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.Outcome;
import dev.quorate.raft.api.RejectReason;
import dev.quorate.raft.api.transport.Lane;
import dev.quorate.raft.engine.message.ClientMessage;
import dev.quorate.raft.engine.message.ClientMessage.News;
import dev.quorate.raft.engine.message.ClientMessage.Refusal;
import dev.quorate.raft.engine.message.ClientMessage.Submitted;
import dev.quorate.raft.engine.message.ClusterId;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a node grants clients outside the cluster, also those that do not keep to it. */
class ClientServiceTest {

  private static final NodeId N1 = NodeId.of("n1");
  private static final String WAIT = "wait";

  private final CountDownLatch goOn = new CountDownLatch(1);
  private final TestCluster cluster = new TestCluster(1, Patient::new);

  /** A register that waits when it is told to. */
  private final class Patient extends Register {
    @Override
    public byte[] apply(ApplyContext context, ByteBuffer command) {
      if (command.equals(ByteBuffer.wrap(bytes(WAIT)))) {
        try {
          goOn.await();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
      }
      return super.apply(context, command);
    }
  }

  @AfterEach
  void close() {
    goOn.countDown();
    cluster.close();
  }

  private void start() {
    cluster.startAll();
    cluster.leader();
  }

  private RudeClient client() {
    return new RudeClient(cluster.network.receiver(N1));
  }

  private static void answered(RudeClient client, int count) {
    TestCluster.until(count + " answers", () -> client.heard(Submitted.class).size() == count);
  }

  private static Outcome outcome(RudeClient client, long number) {
    return client.heard(Submitted.class).stream()
        .filter(end -> end.number() == number)
        .findFirst()
        .orElseThrow()
        .outcome();
  }

  @Test
  void aClientIsToldWhoLeadsWhereTheMembersAreAndWhatItMayHaveUnderWay() {
    cluster.with("raft.clients.max-calls", "7").with("raft.clients.max-bytes", "2KiB");
    start();
    RudeClient client = client().greets();
    TestCluster.until(
        "news of the leader",
        () -> client.heard(News.class).stream().anyMatch(news -> news.leader().isPresent()));
    List<News> news = client.heard(News.class);
    News last = news.get(news.size() - 1);
    assertThat(last.leader()).contains(N1);
    assertThat(last.maxCalls()).isEqualTo(7);
    assertThat(last.maxBytes()).isEqualTo(2048);
    assertThat(last.members()).extracting(ClientMessage.Place::node).containsExactly(N1);
  }

  @Test
  void oneClientTooManyIsRefusedUntilAnotherLeaves() {
    cluster.with("raft.clients.max", "1");
    start();
    RudeClient first = client().greets();
    RudeClient second = client();
    assertThat(second.isServed()).isFalse();
    assertThat(second.isClosed()).isTrue();
    assertThat(second.heard(Refusal.class).get(0).text())
        .contains("1 clients already", "raft.clients.max");

    first.leaves();
    RudeClient third = client().greets();
    third.submit(1, "x");
    answered(third, 1);
    assertThat(outcome(third, 1)).isInstanceOf(Outcome.Applied.class);
  }

  @Test
  void oneCallTooManyIsRefusedAndCountsNoMore() {
    cluster.with("raft.clients.max-calls", "2");
    start();
    RudeClient client = client().greets();
    RudeClient other = client().greets();
    client.submit(1, WAIT);
    client.submit(2, "b");
    client.submit(3, "c");
    answered(client, 1);
    Outcome.Rejected refused = (Outcome.Rejected) outcome(client, 3);
    assertThat(refused.reason()).isEqualTo(RejectReason.OVER_LIMIT);
    assertThat(refused.message()).contains("2 calls");
    other.submit(1, "from another client");

    goOn.countDown();
    answered(client, 3);
    answered(other, 1);
    assertThat(outcome(client, 1)).isInstanceOf(Outcome.Applied.class);
    assertThat(outcome(client, 2)).isInstanceOf(Outcome.Applied.class);
    assertThat(outcome(other, 1)).isInstanceOf(Outcome.Applied.class);
    for (int number = 4; number < 14; number++) {
      client.submit(number, "d");
      answered(client, number);
      assertThat(outcome(client, number)).isInstanceOf(Outcome.Applied.class);
    }
  }

  @Test
  void bytesUnderWayAreBoundedButOneCallMayAlwaysBe() {
    cluster.with("raft.clients.max-bytes", "1KiB");
    start();
    RudeClient client = client().greets();
    client.submit(1, "x".repeat(5_000));
    answered(client, 1);
    assertThat(outcome(client, 1)).isInstanceOf(Outcome.Applied.class);
    client.submit(2, WAIT);
    client.submit(3, "y".repeat(1_000));
    client.submit(4, "z".repeat(100));
    answered(client, 2);
    assertThat(((Outcome.Rejected) outcome(client, 4)).reason()).isEqualTo(RejectReason.OVER_LIMIT);
    goOn.countDown();
    answered(client, 4);
    assertThat(outcome(client, 3)).isInstanceOf(Outcome.Applied.class);
  }

  @Test
  void whoSaysWhatIsNotItsTurnOrNoMessageIsRefused() {
    start();
    RudeClient hasty = client();
    hasty.submit(1, "before any hello");
    RudeClient twice = client().greets();
    twice.greets();
    RudeClient stranger = client();
    stranger.say(new ClientMessage.Hello(new ClusterId(1, 2), "default"));
    RudeClient lost = client();
    lost.say(new ClientMessage.Hello(ClusterId.NONE, "another"));
    RudeClient babbler = client();
    babbler.say(ByteBuffer.wrap(Register.bytes("GET / HTTP/1.1")));
    for (RudeClient client : List.of(hasty, twice, stranger, lost, babbler)) {
      assertThat(client.heard(Refusal.class)).hasSize(1);
      assertThat(client.isClosed()).isTrue();
      assertThat(client.heard(Submitted.class)).isEmpty();
    }
    assertThat(lost.heard(Refusal.class).get(0).text()).contains("no group 'another'");
    assertThat(stranger.heard(Refusal.class).get(0).text()).contains("client of cluster");
    RudeClient polite = client().greets();
    polite.submit(1, "x");
    answered(polite, 1);
  }

  @Test
  void whoTakesInLessThanItAsksForIsToldSoOrLeft() {
    start();
    RudeClient client = client().greets();
    client.takesOnly(Lane.CONTROL);
    client.submit(1, "applied, which cannot be said");
    answered(client, 1);
    assertThat(outcome(client, 1)).isInstanceOf(Outcome.Unknown.class);
    client.takesOnly();
    client.submit(2, "nothing can be said");
    TestCluster.until("the node leaves", client::isClosed);
  }

  @Test
  void aNodeThatClosesLeavesItsClients() {
    start();
    RudeClient client = client().greets();
    cluster.close();
    assertThat(client.isClosed()).isTrue();
  }
}
