package dev.quorate.raft.engine.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.raft.api.Address;
import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.config.Settings;
import dev.quorate.raft.api.transport.FrameReceiver;
import dev.quorate.raft.api.transport.Lane;
import dev.quorate.raft.api.transport.Transport;
import dev.quorate.raft.engine.codec.DecodeException;
import dev.quorate.raft.engine.codec.Envelope;
import dev.quorate.raft.engine.codec.MessageCodec;
import dev.quorate.raft.engine.message.MemberId;
import dev.quorate.raft.engine.message.Message.HostBeat;
import dev.quorate.raft.engine.message.Message.HostMessage;
import dev.quorate.raft.engine.message.Peer;
import dev.quorate.raft.engine.message.Quiet;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Three hosts and what they say to each other; the numbers are those of decision 13. */
class PairsTest {

  private static final Quiet QUIET = new Quiet(3, 40);
  private static final Quiet LATER = new Quiet(3, 41);
  private static final EngineSettings SETTINGS = EngineSettings.of(Settings.empty(), "t", "s");

  private final ManualEnvironment environment = new ManualEnvironment(1);
  private final TreeMap<NodeId, Box> boxes = new TreeMap<>();
  private final List<String> sent = new ArrayList<>();
  private Predicate<String> lost = frame -> false;
  private final Box n1 = new Box("n1", 1);
  private final Box n2 = new Box("n2", 1);
  private final Box n3 = new Box("n3", 1);

  /** One boot of a host, with groups that rest whenever they are asked to. */
  private final class Box implements Transport {
    private final Peer peer;
    private final Pairs pairs;
    private final TreeMap<String, Member> members = new TreeMap<>();

    private Box(String id, long boot) {
      this.peer = new Peer(NodeId.of(id), 7, boot);
      this.pairs = new Pairs(peer, environment, this, SETTINGS);
      boxes.put(peer.id(), this);
    }

    private Member member(String group) {
      return members.computeIfAbsent(
          group,
          name -> {
            Member member = new Member(this, name);
            pairs.join(name, member);
            return member;
          });
    }

    private MemberId key() {
      return peer.key();
    }

    @Override
    public Address start(FrameReceiver receiver) {
      throw new AssertionError();
    }

    @Override
    public void setPeers(Map<NodeId, Address> all) {
      throw new AssertionError();
    }

    @Override
    public void send(NodeId to, Lane lane, ByteBuffer frame) {
      try {
        Envelope envelope = Envelope.decode(frame);
        HostMessage message = (HostMessage) MessageCodec.decode(frame);
        String name = peer.id() + ">" + to + (message instanceof HostBeat ? " beat" : " answer");
        sent.add(name);
        Box receiver = boxes.get(to);
        if (!lost.test(name) && receiver.peer.incarnation() == envelope.toIncarnation()) {
          receiver.pairs.onMessage(envelope.from(), message);
        }
      } catch (DecodeException e) {
        throw new AssertionError(e);
      }
    }

    @Override
    public void close() {}
  }

  private static final class Member implements Pairs.Group {
    private final Box box;
    private final String name;
    private boolean agrees = true;
    private boolean answers = true;
    private int granted;
    private int asked;
    private int ended;

    private Member(Box box, String name) {
      this.box = box;
      this.name = name;
    }

    @Override
    public void granted(Quiet quiet) {
      granted++;
    }

    @Override
    public void asked(Peer leader, Quiet quiet) {
      asked++;
      if (answers) {
        box.pairs.decided(name, leader, quiet, agrees);
      }
    }

    @Override
    public void ended() {
      ended++;
    }
  }

  private void offer(String group, Quiet quiet) {
    n1.pairs.offer(group, quiet, List.of(n2.key(), n3.key()));
  }

  private void meet(String... groups) {
    for (String group : groups) {
      List.of(n1, n2, n3).forEach(box -> box.member(group));
    }
  }

  private void allRest(String... groups) {
    meet(groups);
    for (String group : groups) {
      offer(group, QUIET);
    }
    environment.advance(300);
    for (String group : groups) {
      assertThat(n1.member(group).granted).isEqualTo(1);
    }
  }

  private void assertStillRest(String group) {
    assertThat(List.of(n1, n2, n3)).allMatch(box -> box.member(group).ended == 0);
  }

  @Test
  void oneBeatForEachPairKeepsAllGroupsAtRest() {
    String[] groups = IntStream.range(0, 1_000).mapToObj(i -> "g" + i).toArray(String[]::new);
    allRest(groups);
    sent.clear();
    environment.advance(10_000);
    for (String group : groups) {
      assertStillRest(group);
    }
    assertThat(sent).filteredOn("n1>n2 beat"::equals).hasSize(200);
    assertThat(sent).hasSize(4 * 200);
    long now = environment.nanoTime();
    assertThat(n2.pairs.heardNanos(n1.peer).orElseThrow()).isGreaterThan(now - 100_000_000);
    assertThat(n1.pairs.answeredNanos(n2.peer).orElseThrow()).isGreaterThan(now - 100_000_000);
    assertThat(n1.pairs.answeredNanos(new Peer(n2.peer.id(), 7, 99)))
        .isEqualTo(OptionalLong.empty());
  }

  @Test
  void whereNobodyRestsNothingIsSent() {
    meet("g");
    environment.advance(10_000);
    assertThat(sent).isEmpty();
    offer("g", QUIET);
    environment.advance(1_000);
    n1.pairs.withdraw("g");
    environment.advance(2_000);
    sent.clear();
    environment.advance(10_000);
    assertThat(sent).isEmpty();
  }

  /** Schedule 1: a leader sends its own heartbeats until all have said that they rest. */
  @Test
  void aLeaderRestsOnlyWhenAllOthersDo() {
    meet("g");
    n3.member("g").answers = false;
    offer("g", QUIET);
    environment.advance(5_000);
    assertThat(n2.member("g").asked).isEqualTo(1);
    assertThat(n1.member("g").granted).isZero();
    assertThat(n2.member("g").ended).as("it is spoken to by beats").isZero();
    n3.pairs.decided("g", n1.peer, QUIET, true);
    environment.advance(200);
    assertThat(n1.member("g").granted).isEqualTo(1);
  }

  @Test
  void whatIsLostIsSaidAgain() {
    meet("g");
    int[] count = new int[1];
    lost = frame -> count[0]++ % 3 != 0;
    offer("g", QUIET);
    environment.advance(1_000);
    assertThat(n1.member("g").granted + n1.member("g").ended).isPositive();
    lost = frame -> false;
    n1.pairs.withdraw("g");
    offer("g", QUIET);
    int before = n1.member("g").granted;
    environment.advance(300);
    assertThat(n1.member("g").granted).isEqualTo(before + 1);
  }

  /** Schedule 2: the host lives, the leadership does not. */
  @Test
  void anotherBootOfTheLeadersHostEndsWhatItLed() {
    allRest("g");
    lost = frame -> frame.startsWith("n1>");
    environment.advance(100);
    lost = frame -> false;
    Box again = new Box("n1", 2);
    again.member("other");
    again.pairs.offer("other", QUIET, List.of(n2.key(), n3.key()));
    environment.advance(100);
    assertThat(n2.member("g").ended).isEqualTo(1);
    assertThat(n3.member("g").ended).isEqualTo(1);
  }

  @Test
  void anotherBootOfAMembersHostWakesTheLeader() {
    allRest("g");
    Box again = new Box("n2", 2);
    again.member("g").agrees = false;
    environment.advance(200);
    assertThat(n1.member("g").ended).isEqualTo(1);
  }

  /** Schedule 3: that a leader is none any more is said by every later beat. */
  @Test
  void aLeaderThatIsNoneAnyMoreIsMissed() {
    allRest("g", "h");
    int[] count = new int[1];
    lost = frame -> frame.equals("n1>n2 beat") && count[0]++ == 0;
    n1.pairs.leave("g");
    environment.advance(200);
    assertThat(count[0]).as("the first beat was lost").isGreaterThan(1);
    assertThat(n2.member("g").ended).isEqualTo(1);
    assertThat(n3.member("g").ended).isEqualTo(1);
    assertStillRest("h");
  }

  @Test
  void aMemberThatWakesByItselfIsNamed() {
    allRest("g", "h");
    n3.pairs.woke("g", n1.peer);
    environment.advance(100);
    assertThat(n1.member("g").ended).isEqualTo(1);
    environment.advance(100);
    assertThat(n2.member("g").ended).as("the leader speaks for itself again").isEqualTo(1);
    assertStillRest("h");
    offer("g", LATER);
    environment.advance(200);
    assertThat(n1.member("g").granted).isEqualTo(2);
  }

  @Test
  void aMemberThatIsClosedIsNamed() {
    allRest("g");
    n3.pairs.leave("g");
    environment.advance(100);
    assertThat(n1.member("g").ended).isEqualTo(1);
  }

  @Test
  void aMemberThatRefusesIsNamed() {
    meet("g");
    n2.member("g").agrees = false;
    offer("g", QUIET);
    environment.advance(300);
    assertThat(n1.member("g").granted).isZero();
    assertThat(n1.member("g").ended).isEqualTo(1);
  }

  @Test
  void aHostWithoutTheGroupRefuses() {
    n1.member("g");
    n2.member("g");
    offer("g", QUIET);
    environment.advance(300);
    assertThat(n1.member("g").ended).isEqualTo(1);
  }

  /** Schedule 4: a leader that reaches others and is not answered wakes, and then they do. */
  @Test
  void aLeaderWithoutAnswersWakes() {
    allRest("g");
    lost = frame -> frame.endsWith("n1 answer");
    environment.advance(400);
    assertThat(n1.member("g").ended).isEqualTo(1);
    assertThat(n2.member("g").ended + n3.member("g").ended).isZero();
    environment.advance(400);
    assertThat(n2.member("g").ended).isEqualTo(1);
    assertThat(n3.member("g").ended).isEqualTo(1);
  }

  @Test
  void membersWhoseLeadersHostIsSilentWake() {
    allRest("g");
    lost = frame -> frame.equals("n1>n2 beat");
    environment.advance(400);
    assertThat(n2.member("g").ended).isEqualTo(1);
    assertThat(n1.member("g").ended).isEqualTo(1);
  }

  /** Schedule 5: whoever was paused finds that nobody has answered. */
  @Test
  void afterAPauseNothingIsTakenAsHeard() {
    allRest("g");
    environment.pause(5_000);
    environment.advance(1);
    assertThat(n1.member("g").ended).isEqualTo(1);
  }

  @Test
  void whatIsLateOrComesTwiceIsNotHeard() {
    allRest("g");
    HostBeat late = new HostBeat(1, 1, Optional.of(new TreeMap<>()));
    n2.pairs.onMessage(n1.peer, late);
    environment.advance(100);
    assertStillRest("g");
  }

  /** Who does not know these messages drops them. */
  @Test
  void aHostThatNeverAnswersIsGivenUp() {
    meet("g");
    lost = frame -> frame.equals("n3>n1 answer");
    offer("g", QUIET);
    environment.advance(2_000);
    assertThat(n1.member("g").granted).isZero();
    assertThat(n1.member("g").ended).isEqualTo(1);
    sent.clear();
    environment.advance(10_000);
    assertThat(sent).isEmpty();
  }

  /** As many as fit into a frame. */
  @Test
  void whatDoesNotFitIntoABeatDoesNotRest() {
    Settings small =
        Settings.empty()
            .with("raft.max-frame-bytes", "4KiB")
            .with("raft.max-command-bytes", "1KiB")
            .with("raft.max-batch-bytes", "1KiB")
            .with("raft.max-in-flight-bytes", "1KiB");
    int[] frames = new int[1];
    EngineSettings settings = EngineSettings.of(small, "t", "s");
    Pairs pairs =
        new Pairs(
            new Peer(NodeId.of("n9"), 7, 1),
            environment,
            new Transport() {
              @Override
              public Address start(FrameReceiver receiver) {
                throw new AssertionError();
              }

              @Override
              public void setPeers(Map<NodeId, Address> all) {
                throw new AssertionError();
              }

              @Override
              public void send(NodeId to, Lane lane, ByteBuffer frame) {
                frames[0] = Math.max(frames[0], frame.remaining());
              }

              @Override
              public void close() {}
            },
            settings);
    List<Member> members = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      String name = "g".repeat(60) + i;
      Member member = new Member(n1, name);
      members.add(member);
      pairs.join(name, member);
      pairs.offer(name, QUIET, List.of(n2.key()));
    }
    environment.advance(100);
    assertThat(frames[0]).isBetween(3_000, settings.maxFrameBytes());
    assertThat(members).filteredOn(member -> member.ended > 0).hasSizeBetween(40, 70);
  }
}
