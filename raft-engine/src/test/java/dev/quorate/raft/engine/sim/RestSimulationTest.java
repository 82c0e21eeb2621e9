package dev.quorate.raft.engine.sim;

import dev.quorate.raft.engine.message.Message;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A group that rests, and what may happen then: within ten election timeouts it serves again. */
class RestSimulationTest {

  private static final long MILLI = SimCluster.MILLI;

  private static void rests(CalmCluster calm) {
    calm.cluster().network().heal();
    calm.becomes("settled", calm::isSettled);
    calm.becomes("a group at rest", () -> isSilentFor(calm, 500 * MILLI));
  }

  private static boolean isSilentFor(CalmCluster calm, long nanos) {
    SimNetwork network = calm.cluster().network();
    int heartbeats = network.count(Message.Heartbeat.class);
    calm.cluster().run(nanos);
    return network.count(Message.Heartbeat.class) == heartbeats;
  }

  private static SimNode other(CalmCluster calm, SimNode than) {
    return calm.cluster().nodes().stream()
        .filter(node -> node != than && node.isUp())
        .findAny()
        .orElseThrow();
  }

  private static void serves(CalmCluster calm, SimNode through) {
    int applied = calm.cluster().history().appliedCount();
    calm.becomes(
        "a command being applied",
        () -> {
          calm.cluster().submit(through);
          return calm.cluster()
              .runUntil(
                  CalmCluster.DEADLINE_PASSED,
                  () -> calm.cluster().history().appliedCount() > applied);
        });
  }

  @Test
  void aGroupAtRestStaysSoAndServesAtOnce() {
    CalmCluster.eachRestful(
        calm -> {
          rests(calm);
          long term = calm.cluster().leader().orElseThrow().status().term();
          SimNetwork network = calm.cluster().network();
          int beats = network.count(Message.HostBeat.class);
          Invariants.check(isSilentFor(calm, 10_000 * MILLI), "P14", () -> "woke by itself");
          Invariants.check(
              network.count(Message.HostBeat.class) - beats <= 201 * (calm.size() - 1),
              "P14",
              () -> "more than one beat for a pair");
          for (SimNode node : calm.cluster().nodes()) {
            calm.answersARead(node);
            serves(calm, node);
          }
          Invariants.check(
              calm.cluster().leader().orElseThrow().status().term() == term,
              "P14",
              () -> "another leader was elected");
          rests(calm);
        });
  }

  /** Schedule 2, and the loss of the leader's host. */
  @Test
  void theLeadersHostIsLostOrBackAtOnce() {
    CalmCluster.eachRestful(
        calm -> {
          rests(calm);
          SimNode leader = calm.cluster().leader().orElseThrow();
          leader.crash();
          if (calm.random().nextBoolean()) {
            calm.cluster().run(calm.random().nextInt(100) * MILLI);
            leader.start();
          }
          calm.becomes("a leader", () -> calm.cluster().leader().isPresent());
          serves(calm, other(calm, leader));
        });
  }

  /** Schedule 3: the word may be lost with the leader. */
  @Test
  void theLeaderIsClosedOrStepsDown() {
    CalmCluster.eachRestful(
        calm -> {
          rests(calm);
          SimNode leader = calm.cluster().leader().orElseThrow();
          calm.cluster().network().weather(30, 0, MILLI);
          if (calm.random().nextBoolean()) {
            leader.close();
          } else {
            leader.transferTo(other(calm, leader).id());
          }
          calm.cluster().run(300 * MILLI);
          calm.cluster().network().weather(0, 0, MILLI);
          calm.becomes("a leader", () -> calm.cluster().leader().isPresent());
          serves(calm, other(calm, leader));
        });
  }

  /** Schedules 1, 4 and 5: links fail in one direction or both, for a while. */
  @Test
  void linksOfTheLeaderFail() {
    CalmCluster.eachRestful(
        calm -> {
          rests(calm);
          SimNode leader = calm.cluster().leader().orElseThrow();
          Random random = calm.random();
          for (SimNode node : calm.cluster().nodes()) {
            if (node != leader && random.nextInt(3) > 0) {
              calm.cluster().network().cut(leader.id(), node.id());
            }
            if (node != leader && random.nextInt(3) > 0) {
              calm.cluster().network().cut(node.id(), leader.id());
            }
          }
          calm.cluster().run(random.nextInt(2_000) * MILLI);
          if (random.nextBoolean()) {
            calm.cluster().submit(calm.cluster().any());
          }
          rests(calm);
          serves(calm, calm.cluster().any());
        });
  }

  /** Schedule 6: whatever comes in the moment of falling asleep, and loses messages. */
  @Test
  void commandsComeWhileItFallsAsleep() {
    CalmCluster.eachRestful(
        calm -> {
          for (int i = 0; i < 30; i++) {
            calm.cluster().network().weather(calm.random().nextInt(40), 10, 5 * MILLI);
            calm.cluster().run(calm.random().nextInt(250) * MILLI);
            calm.cluster().submit(calm.cluster().any());
          }
          calm.cluster().network().weather(0, 0, MILLI);
          calm.becomes("even", calm::isSettled);
          serves(calm, calm.cluster().any());
          rests(calm);
        });
  }
}
