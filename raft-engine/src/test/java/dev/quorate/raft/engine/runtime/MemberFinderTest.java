package dev.quorate.raft.engine.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.raft.api.Address;
import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.transport.ClientTransport;
import dev.quorate.raft.api.transport.Lane;
import dev.quorate.raft.api.transport.Link;
import dev.quorate.raft.api.transport.LinkListener;
import dev.quorate.raft.engine.codec.ClientCodec;
import dev.quorate.raft.engine.codec.DecodeException;
import dev.quorate.raft.engine.message.ClientMessage;
import dev.quorate.raft.engine.message.ClientMessage.Hello;
import dev.quorate.raft.engine.message.ClientMessage.News;
import dev.quorate.raft.engine.message.ClientMessage.Place;
import dev.quorate.raft.engine.message.ClientMessage.Refusal;
import dev.quorate.raft.engine.message.ClusterId;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What a node that joins learns at addresses that it was given without an id. */
class MemberFinderTest {

  private static final NodeId N1 = NodeId.of("n1");
  private static final NodeId N2 = NodeId.of("n2");
  private static final NodeId N9 = NodeId.of("n9");
  private static final Address A = new Address("a", 1);
  private static final Address B = new Address("b", 2);
  private static final ClusterId CLUSTER = new ClusterId(1, 2);
  private static final System.Logger LOG = System.getLogger(MemberFinderTest.class.getName());

  private final ManualEnvironment environment = new ManualEnvironment(1);
  private final Listeners listeners = new Listeners();
  private final Inquiries inquiries = new Inquiries(listeners, environment);
  private final Mailbox mailbox =
      new Mailbox(environment.executor(), 1, () -> {}, this::endTurn, MemberFinderTest::fail);
  private final WakeUp wakeUp = new WakeUp(environment, mailbox::post);
  private SortedMap<NodeId, Address> found = new TreeMap<>();
  private Optional<MemberFinder> finder = Optional.empty();

  /** What happens at addresses: an answer, silence (null), or nobody listens there. */
  private static final class Listeners implements Supplier<ClientTransport>, ClientTransport {
    private final Map<Address, ByteBuffer> answers = new HashMap<>();
    private final List<Address> asked = new ArrayList<>();
    private final List<Hello> heard = new ArrayList<>();
    private int made;
    private int open;
    private int links;

    void says(Address at, ClientMessage answer) {
      answers.put(at, ClientCodec.encode(answer));
    }

    @Override
    public ClientTransport get() {
      made++;
      open++;
      return this;
    }

    @Override
    public Link connect(Address address, LinkListener listener) {
      asked.add(address);
      links++;
      if (answers.containsKey(address)) {
        listener.onOpen();
      } else {
        listener.onClosed("nobody listens");
      }
      return new Link() {
        @Override
        public String remote() {
          return address.toString();
        }

        @Override
        public boolean send(Lane lane, ByteBuffer frame) {
          try {
            heard.add((Hello) ClientCodec.decode(frame));
          } catch (DecodeException e) {
            throw new AssertionError(e);
          }
          Optional.ofNullable(answers.get(address))
              .ifPresent(answer -> listener.onFrame(answer.duplicate()));
          return true;
        }

        @Override
        public void close() {
          links--;
          listener.onClosed("closed");
        }
      };
    }

    @Override
    public void close() {
      open--;
    }
  }

  private static void fail(Throwable cause) {
    throw new AssertionError(cause);
  }

  private static News news(NodeId from, ClusterId cluster, Place... members) {
    return new News(cluster, from, 3, Optional.of(N1), 8, 1 << 20, 7, List.of(members));
  }

  private void look(Address... addresses) {
    MemberFinder begun =
        new MemberFinder(
            N9,
            "orders",
            List.of(addresses),
            inquiries,
            mailbox::post,
            environment,
            new RateLimitedLog(LOG, environment));
    begun.onFound(members -> found = members);
    finder = Optional.of(begun);
    mailbox.post(() -> {});
    environment.advance(0);
  }

  private void endTurn() {
    long now = environment.nanoTime();
    finder.ifPresent(it -> it.onWakeUp(now));
    finder.ifPresent(it -> wakeUp.at(it.nextWakeUp(), now));
  }

  private String trouble() {
    return finder.orElseThrow().trouble();
  }

  private int attempts(long millis) {
    int before = listeners.asked.size();
    environment.advance(millis);
    return listeners.asked.size() - before;
  }

  @Test
  void whoAnswersIsFoundWhereItDidAndTheOthersWhereItSays() {
    Place moved = new Place(N1, new Address("behind-a", 3));
    listeners.says(A, news(N1, CLUSTER, moved, new Place(N2, B), new Place(N9, B)));
    look(A);
    assertThat(found).containsOnly(Map.entry(N1, A), Map.entry(N2, B));
    assertThat(trouble()).isEmpty();
    assertThat(listeners.heard).containsExactly(new Hello(ClusterId.NONE, "orders"));
    assertThat(listeners.links).as("no link is kept").isZero();
  }

  @Test
  void itAsksAgainForEverAndLessAndLessOften() {
    look(A);
    assertThat(trouble()).isEqualTo("a:1 (nobody listens)");
    assertThat(attempts(1_000)).isBetween(2, 4);
    environment.advance(60_000);
    assertThat(attempts(60_000)).isBetween(15, 25);
    listeners.says(A, news(N1, CLUSTER));
    environment.advance(4_000);
    assertThat(found).containsOnly(Map.entry(N1, A));
    assertThat(trouble()).isEmpty();
  }

  @Test
  void thePausesDifferFromNodeToNode() {
    look(A);
    attempts(10_000);
    int first = listeners.asked.size();
    finder.orElseThrow().close();
    look(A, B);
    List<Long> dues = new ArrayList<>();
    for (int i = 0; i < first; i++) {
      dues.add(finder.orElseThrow().nextWakeUp());
      environment.advance(finder.orElseThrow().nextWakeUp() / 1_000_000 + 1);
    }
    assertThat(dues).doesNotHaveDuplicates();
  }

  @Test
  void somebodyElseMayListenThereLater() {
    listeners.says(A, news(N1, CLUSTER));
    look(A);
    listeners.says(A, news(N2, CLUSTER));
    environment.advance(13_000);
    assertThat(found).containsOnly(Map.entry(N2, A));
  }

  @Test
  void whoWasFoundIsNotForgottenWhenNobodyListensThereAnyMore() {
    listeners.says(A, news(N1, CLUSTER, new Place(N2, B)));
    look(A);
    listeners.answers.clear();
    environment.advance(60_000);
    assertThat(found).containsOnly(Map.entry(N1, A), Map.entry(N2, B));
    assertThat(trouble()).contains("nobody listens");
  }

  @Test
  void aNodeThatIsNoMemberIsNotFoundAndItIsSaidWhy() {
    listeners.says(A, news(N9, CLUSTER, new Place(N2, B)));
    listeners.says(B, news(N2, ClusterId.NONE, new Place(N1, A)));
    look(A, B);
    assertThat(found).isEmpty();
    assertThat(trouble())
        .isEqualTo("a:1 (that is n9 itself), b:2 (n2 is in no cluster itself yet)");
  }

  @Test
  void aRefusalIsSaidAndTriedAgain() {
    listeners.says(A, new Refusal("this node has 1 clients already"));
    look(A);
    assertThat(trouble()).isEqualTo("a:1 (this node has 1 clients already)");
    listeners.says(A, news(N1, CLUSTER));
    environment.advance(1_000);
    assertThat(found).containsKey(N1);
  }

  @Test
  void whoIsSilentIsLeftAndAskedAgain() {
    listeners.answers.put(A, null);
    look(A);
    assertThat(trouble()).isEqualTo("a:1 (no answer yet)");
    environment.advance(2_900);
    assertThat(listeners.links).isOne();
    environment.advance(101);
    assertThat(trouble()).isEqualTo("a:1 (it did not answer)");
    assertThat(listeners.links).isZero();
    assertThat(attempts(1_000)).isOne();
  }

  @Test
  void whoSpeaksNonsenseIsNotBelieved() {
    listeners.answers.put(A, ByteBuffer.wrap(new byte[] {1, 99}));
    listeners.says(B, new Hello(CLUSTER, "orders"));
    look(A, B);
    assertThat(found).isEmpty();
    assertThat(trouble()).contains("a:1 (it sent a malformed frame", "b:2 (it said what nobody");
  }

  @Test
  void onlySoManyMembersAreTakenFromOne() {
    Place[] many =
        IntStream.range(0, 500)
            .mapToObj(i -> new Place(NodeId.of("m" + i), new Address("m" + i, 1)))
            .toArray(Place[]::new);
    listeners.says(A, news(N1, CLUSTER, many));
    look(A);
    assertThat(found).hasSize(1 + 64);
  }

  @Test
  void oneTransportServesAllGroupsAndEndsWithTheLast() {
    look(A);
    MemberFinder first = finder.orElseThrow();
    look(B);
    assertThat(listeners.made).isOne();
    first.close();
    environment.advance(0);
    assertThat(listeners.open).isOne();
    finder.orElseThrow().close();
    assertThat(attempts(60_000)).as("nobody asks any more").isZero();
    assertThat(listeners.open).isZero();
    look(A);
    assertThat(listeners.made).isEqualTo(2);
  }

  @Test
  void whatArrivesAfterTheEndIsOfNoUse() {
    listeners.says(A, news(N1, CLUSTER));
    listeners.answers.put(B, null);
    look(B);
    mailbox.post(() -> finder.orElseThrow().close());
    environment.advance(10_000);
    assertThat(listeners.links).isZero();
    assertThat(found).isEmpty();
  }
}
