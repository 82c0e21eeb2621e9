package dev.quorate.raft.engine.routing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.raft.api.Address;
import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.Outcome;
import dev.quorate.raft.api.ReadConsistency;
import dev.quorate.raft.api.ReadOutcome;
import dev.quorate.raft.api.RejectReason;
import dev.quorate.raft.engine.message.ClientMessage;
import dev.quorate.raft.engine.message.ClientMessage.Answered;
import dev.quorate.raft.engine.message.ClientMessage.Query;
import dev.quorate.raft.engine.message.ClientMessage.Submit;
import dev.quorate.raft.engine.message.ClientMessage.Submitted;
import dev.quorate.raft.engine.message.ClusterId;
import dev.quorate.raft.engine.message.Proposal;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The router alone, on three nodes that say what a test lets them say. */
class RouterTest {

  private static final long MILLI = 1_000_000;
  private static final long DEADLINE = 10_000 * MILLI;
  private static final ClusterId MINE = new ClusterId(1, 2);
  private static final Address A1 = new Address("host1", 1);
  private static final Address A2 = new Address("host2", 2);
  private static final Address A3 = new Address("host3", 3);

  private final Map<Long, Address> links = new LinkedHashMap<>();
  private final Map<Long, List<ClientMessage>> sent = new LinkedHashMap<>();
  private final List<ClientMessage> ends = new ArrayList<>();
  private final List<String> refusals = new ArrayList<>();
  private long now;
  private int maxCalls = 100;
  private long lastNumber;
  private int repetitionsLeft = 10;
  private Router router = router(A1);

  private Router router(Address... given) {
    return new Router(
        "default",
        List.of(given),
        time -> time == now && repetitionsLeft-- > 0,
        new Random(1),
        new Recorder());
  }

  private final class Recorder implements Steering {
    @Override
    public void connect(long link, Address address) {
      links.put(link, address);
      sent.put(link, new ArrayList<>());
    }

    @Override
    public boolean send(long link, ClientMessage message) {
      assertThat(links).as("a link that is open").containsKey(link);
      return sent.get(link).add(message);
    }

    @Override
    public void disconnect(long link) {
      links.remove(link);
    }

    @Override
    public void end(ClientMessage end) {
      ends.add(end);
    }

    @Override
    public void refused(Address address, String reason) {
      refusals.add(address + ": " + reason);
    }
  }

  // What happens to the router.

  private void pass(long millis) {
    long end = now + millis * MILLI;
    while (router.nextWakeUp() <= end) {
      now = Math.max(now + 1, router.nextWakeUp());
      router.onWakeUp(now);
    }
    now = end;
    router.onWakeUp(now);
  }

  private long submit() {
    router.call(
        new Submit(++lastNumber, 1, Proposal.command(ByteBuffer.wrap(new byte[10]))),
        now + DEADLINE,
        now);
    return lastNumber;
  }

  private long read(ReadConsistency consistency) {
    router.call(
        new Query(++lastNumber, 1, consistency, ByteBuffer.wrap(new byte[10])),
        now + DEADLINE,
        now);
    return lastNumber;
  }

  private long link(Address address) {
    return links.entrySet().stream()
        .filter(entry -> entry.getValue().equals(address))
        .map(Map.Entry::getKey)
        .reduce((first, last) -> last)
        .orElseThrow(() -> new AssertionError("no link to " + address + " but " + links));
  }

  private ClientMessage.News news(ClusterId cluster, String node, long term, String leader) {
    return new ClientMessage.News(
        cluster,
        NodeId.of(node),
        term,
        Optional.ofNullable(leader).map(NodeId::of),
        maxCalls,
        1_000,
        1,
        List.of(
            new ClientMessage.Place(NodeId.of("n1"), A1),
            new ClientMessage.Place(NodeId.of("n2"), A2),
            new ClientMessage.Place(NodeId.of("n3"), A3)));
  }

  private void serve(Address address, String node, long term, String leader) {
    long link = link(address);
    router.onOpen(link, now);
    router.onMessage(link, news(MINE, node, term, leader), now);
  }

  private void close(Address address) {
    long link = link(address);
    links.remove(link);
    router.onClosed(link, "gone", now);
  }

  private void answer(Address address, ClientMessage answer) {
    router.onMessage(link(address), answer, now);
  }

  private static Submitted rejected(long number, RejectReason reason) {
    return new Submitted(number, new Outcome.Rejected(reason, "why"));
  }

  private static Submitted applied(long number) {
    return new Submitted(number, new Outcome.Applied(1, new byte[0]));
  }

  private List<Long> calls(Address address) {
    return sent.get(link(address)).stream()
        .filter(ClientMessage.Call.class::isInstance)
        .map(message -> ((ClientMessage.Call) message).number())
        .toList();
  }

  private RejectReason reason(int end) {
    return ends.get(end) instanceof Submitted submitted
        ? ((Outcome.Rejected) submitted.outcome()).reason()
        : ((ReadOutcome.Refused) ((Answered) ends.get(end)).outcome()).reason();
  }

  private boolean isUnknown(int end) {
    return ends.get(end) instanceof Submitted submitted
        && submitted.outcome() instanceof Outcome.Unknown;
  }

  // What is to be seen.

  @Test
  void theLeaderIsFoundThroughAnyNodeAndTheFirstLinkIsLeft() {
    long number = submit();
    assertThat(links).containsOnlyKeys(1L).containsValue(A1);
    serve(A1, "n1", 5, "n2");
    assertThat(calls(A1)).as("a follower forwards").containsExactly(number);

    serve(A2, "n2", 5, "n2");
    long next = submit();
    assertThat(calls(A2)).containsExactly(next);
    answer(A1, applied(number));
    assertThat(links).as("what is idle and not current is closed").containsValues(A2).hasSize(1);
    answer(A2, applied(next));
    assertThat(ends.stream().map(end -> ((Submitted) end).number()))
        .containsExactlyInAnyOrder(number, next);
  }

  @Test
  void aCommandWhoseLinkIsLostIsUnknownAndNeverSentAgain() {
    serveAsLeader();
    submit();
    close(A1);
    assertThat(ends).hasSize(1);
    assertThat(isUnknown(0)).isTrue();
    serve(A2, "n2", 6, "n2");
    pass(5_000);
    assertThat(calls(A2)).isEmpty();
  }

  @Test
  void aReadWhoseLinkIsLostIsAskedElsewhere() {
    serveAsLeader();
    long number = read(ReadConsistency.LINEARIZABLE);
    close(A1);
    serve(A2, "n2", 6, "n2");
    pass(100);
    assertThat(calls(A2)).containsExactly(number);
    answer(A2, new Answered(number, new ReadOutcome.Answered(1, new byte[0])));
    assertThat(ends).hasSize(1);
  }

  @Test
  void noCommandIsSentToWhoStillBelievesInTheLeaderThatWasJustLost() {
    serveAsLeader();
    close(A1);
    long number = submit();
    serve(A2, "n2", 5, "n1");
    assertThat(calls(A2)).isEmpty();
    router.onMessage(link(A2), news(MINE, "n2", 6, "n3"), now);
    assertThat(calls(A2)).containsExactly(number);
  }

  @Test
  void afterAWhileHeIsBelievedBecauseOnlyTheClientMayBeCutOff() {
    serveAsLeader();
    close(A1);
    long number = submit();
    serve(A2, "n2", 5, "n1");
    pass(1_100);
    assertThat(calls(A2)).containsExactly(number);
  }

  @Test
  void whatCertainlyWasNotAppendedIsTriedThroughAnotherNode() {
    serveAsLeader();
    long number = submit();
    answer(A1, rejected(number, RejectReason.CLOSED));
    assertThat(ends).isEmpty();
    serve(A2, "n2", 6, "n2");
    pass(100);
    assertThat(calls(A2)).containsExactly(number);
  }

  @Test
  void whatIsTheCallersOwnIsToldAtOnce() {
    serveAsLeader();
    answer(A1, rejected(submit(), RejectReason.TOO_LARGE));
    answer(A1, rejected(submit(), RejectReason.OVER_LIMIT));
    assertThat(List.of(reason(0), reason(1)))
        .containsExactly(RejectReason.TOO_LARGE, RejectReason.OVER_LIMIT);
  }

  @Test
  void repetitionsEndWithTheBudgetAndThatANodeClosesIsNotTold() {
    repetitionsLeft = 2;
    submit();
    for (int i = 0; i < 3; i++) {
      pass(1_000);
      Address there = links.values().iterator().next();
      serve(there, "n1", 5, "n1");
      answer(there, rejected(lastNumber, RejectReason.CLOSED));
    }
    assertThat(ends).hasSize(1);
    assertThat(reason(0)).isEqualTo(RejectReason.NO_LEADER);
  }

  @Test
  void aDeadlineEndsWhatWasSentAsUnknownAndWhatWasNotAsRejected() {
    maxCalls = 1;
    serveAsLeader();
    submit();
    submit();
    assertThat(calls(A1)).hasSize(1);
    pass(10_001);
    assertThat(ends).hasSize(2);
    assertThat(isUnknown(0)).isTrue();
    assertThat(reason(1)).isEqualTo(RejectReason.OVER_LIMIT);
    submit();
    assertThat(calls(A1)).as("the node still counts the first one").hasSize(1);
    answer(A1, applied(1));
    assertThat(ends).as("each call ends once").hasSize(2);
    assertThat(calls(A1)).hasSize(2);
  }

  @Test
  void withoutALeaderOnlyReadsThatNeedNoneAreSent() {
    submit();
    read(ReadConsistency.LINEARIZABLE);
    long local = read(ReadConsistency.atLeast(7));
    serve(A1, "n1", 5, null);
    assertThat(calls(A1)).containsExactly(local);
    router.onMessage(link(A1), news(MINE, "n1", 6, "n1"), now);
    assertThat(calls(A1)).containsExactly(local, 1L, 2L);
  }

  @Test
  void anotherNodeIsAskedWhereOneKnowsNoLeader() {
    submit();
    serve(A1, "n1", 5, null);
    serve(A2, "n2", 6, "n3");
    assertThat(calls(A2)).containsExactly(1L);
  }

  @Test
  void aDeadAddressIsTriedMoreAndMoreRarely() {
    router.onWakeUp(now);
    int attempts = 0;
    for (int i = 0; i < 1_000; i++) {
      if (!links.isEmpty()) {
        attempts++;
        close(A1);
      }
      pass(10);
    }
    assertThat(attempts).isBetween(9, 40);
    submit();
    pass(10_001);
    assertThat(reason(0)).isEqualTo(RejectReason.NO_LEADER);
  }

  @Test
  void aNodeOfAnotherClusterIsLeft() {
    serveAsLeader();
    close(A1);
    long link = link(A2);
    router.onOpen(link, now);
    router.onMessage(link, news(new ClusterId(3, 4), "n2", 9, "n2"), now);
    assertThat(refusals).hasSize(1);
    assertThat(links).doesNotContainKey(link);
    serve(A3, "n3", 6, "n3");
    long number = submit();
    assertThat(calls(A3)).containsExactly(number);
  }

  @Test
  void aNodeThatDoesNotAnswerTheHelloIsLeft() {
    router = router(A1, A2);
    submit();
    router.onOpen(link(A1), now);
    pass(3_001);
    assertThat(links.values()).containsExactly(A2);
  }

  @Test
  void whatFallsDueBeforeAnybodyAsksIsStillDue() {
    router = router(A1);
    submit();
    close(A1);
    long due = router.nextWakeUp();
    assertThat(due).isGreaterThan(now);
    now = due + MILLI;
    assertThat(router.nextWakeUp()).isEqualTo(due);
    router.onWakeUp(now);
    assertThat(links.values()).containsExactly(A1);
  }

  @Test
  void everythingEndsWhenItIsStopped() {
    maxCalls = 1;
    serveAsLeader();
    submit();
    submit();
    router.stop(RejectReason.CLOSED, "closed");
    assertThat(isUnknown(0)).isTrue();
    assertThat(reason(1)).isEqualTo(RejectReason.CLOSED);
    assertThat(links).isEmpty();
    assertThat(router.nextWakeUp()).isEqualTo(Long.MAX_VALUE);
  }

  private void serveAsLeader() {
    router.onWakeUp(now);
    serve(A1, "n1", 5, "n1");
  }
}
