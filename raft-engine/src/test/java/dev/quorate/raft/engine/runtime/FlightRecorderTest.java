package dev.quorate.raft.engine.runtime;

import static dev.quorate.raft.engine.runtime.Register.bytes;
import static dev.quorate.raft.engine.runtime.TestCluster.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.raft.api.NodeCondition;
import dev.quorate.raft.api.NodeCondition.Fault;
import dev.quorate.raft.api.NodeEvent;
import dev.quorate.raft.api.NodeEvent.Kind;
import dev.quorate.raft.api.RaftNode;
import dev.quorate.raft.engine.core.Time;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class FlightRecorderTest {

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private static List<String> messages(RaftNode node, Kind kind) {
    return node.recentEvents().stream()
        .filter(event -> event.kind() == kind)
        .map(NodeEvent::message)
        .toList();
  }

  @Test
  void tellsWhatHappenedToANode() {
    // On a busy machine too, leaders are to stay.
    try (TestCluster cluster =
        new TestCluster(3)
            .with("raft.election-timeout.min", "2s")
            .with("raft.election-timeout.max", "3s")
            .startAll()) {
      RaftNode leader = cluster.leader();
      leader.submit(bytes("x"), PATIENCE).join().resultOrThrow();
      assertThat(leader.takeSnapshot(PATIENCE).join()).isNotNull();
      RaftNode follower = cluster.follower();
      until("being answered", () -> leader.status().peers().stream().allMatch(p -> p.active()));
      cluster.network.cutOff(follower.id());
      until(
          "silence",
          () -> messages(leader, Kind.PEER).contains(follower.id() + " does not answer"));
      cluster.network.heal(follower.id());
      until(
          "an answer",
          () -> messages(leader, Kind.PEER).contains(follower.id() + " answers again"));
      assertThat(messages(leader, Kind.ROLE)).containsSequence("stands for election", "leads");
      assertThat(messages(leader, Kind.LEADER)).contains("the leader is " + leader.id());
      assertThat(messages(leader, Kind.MEMBERSHIP)).contains("voters [n1, n2, n3] at index 1");
      assertThat(messages(leader, Kind.SNAPSHOT)).isNotEmpty();
      assertThat(messages(leader, Kind.CONDITION)).endsWith("works");
      leader.transferLeadership(PATIENCE).join();
      assertThat(messages(leader, Kind.TRANSFER)).contains("the leadership is being handed over");
    }
  }

  @Test
  void knowsWhyTheNodeIsDegraded() throws IOException {
    try (TestCluster cluster = new TestCluster(1, FlightRecorderTest::failing);
        RaftNode node = cluster.builder(1).start()) {
      node.submit(bytes("x"), PATIENCE).join();
      until("degrading", () -> node.status().condition() instanceof NodeCondition.Degraded);
      List<String> conditions = messages(node, Kind.CONDITION);
      assertThat(conditions.get(conditions.size() - 1))
          .startsWith("degraded: the state machine failed at index");
    }
  }

  @Test
  void whatHappenedGoesToTheLogWhenTheNodeDegradesAndOnlyThen() {
    Lines lines = new Lines();
    FlightRecorder recorder = new FlightRecorder("node n1", 16, lines);
    EventWatch watch = new EventWatch(recorder);
    recorder.record(0, Kind.ROLE, 7, "leads");
    watch.look(new NodeCondition.Working(), new Time(1, 1));
    assertThat(lines.logged()).isEmpty();
    watch.look(new NodeCondition.Degraded(Fault.HALTED, "told to"), new Time(2, 2));
    watch.look(new NodeCondition.Working(), new Time(3, 3));
    watch.look(new NodeCondition.Degraded(Fault.HALTED, "again"), new Time(4, 4));
    assertThat(lines.logged())
        .singleElement()
        .asString()
        .contains("what happened at node n1 before:")
        .contains("1970-01-01T00:00:00Z term 7 ROLE: leads")
        .as("the reason is said before, by whoever knows what it came from")
        .doesNotContain("told to");
  }

  private static Scripted failing() {
    Scripted machine = new Scripted();
    machine.fails = true;
    return machine;
  }

  @Test
  void forgetsWhatIsOldest() {
    FlightRecorder recorder = new FlightRecorder("node n1", 2, new Lines());
    for (int i = 1; i <= 5; i++) {
      recorder.record(i, Kind.ROLE, i, "leads");
    }
    assertThat(recorder.events()).extracting(NodeEvent::term).containsExactly(4L, 5L);
  }
}
