package dev.quorate.chat.demo.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.chat.demo.machine.Place;
import dev.quorate.chat.demo.process.NodeProcesses.State;
import dev.quorate.chat.demo.status.NodeReport.Condition;
import dev.quorate.raft.api.Role;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ClusterStatusTest {
  private static final State RUNNING = new State.Running(4711, Duration.ofSeconds(2));

  private final Map<Integer, NodeReport> reports = new HashMap<>();
  private final Map<Integer, State> processes = new HashMap<>();

  /** Nodes 1 and 2 run here, the others on the other machine. */
  private ClusterStatus status() {
    List<Place> places =
        IntStream.rangeClosed(1, 5)
            .mapToObj(
                id ->
                    new Place(
                        id, id <= 2, id <= 2 ? "10.0.0.1" : "10.0.0.2", 50050 + id, 50060 + id))
            .toList();
    return new ClusterStatus(
        places,
        Answering::new,
        node -> processes.getOrDefault(node, RUNNING),
        node -> Optional.of("Address in use"));
  }

  /** Answers at once with what the test says, or fails. */
  private final class Answering implements NodeProbe {
    private final Place place;

    Answering(Place place) {
      this.place = place;
    }

    @Override
    public CompletableFuture<NodeReport> ask(Duration deadline) {
      NodeReport report = reports.get(place.node());
      return report == null
          ? CompletableFuture.failedFuture(new IllegalStateException("refused"))
          : CompletableFuture.completedFuture(report);
    }

    @Override
    public void close() {}
  }

  private void works(int node, Role role, long term, int leader) {
    works(node, role, term, leader, 5);
  }

  private void works(int node, Role role, long term, int leader, int voters) {
    reports.put(
        node,
        new NodeReport(
            node,
            "chat",
            true,
            Condition.WORKING,
            "",
            List.of(),
            role,
            term,
            leader == 0 ? OptionalInt.empty() : OptionalInt.of(leader),
            12,
            11,
            voters));
  }

  private void says(int node, Condition condition, String message, List<Integer> missing) {
    reports.put(
        node,
        new NodeReport(
            node,
            "chat",
            false,
            condition,
            message,
            missing,
            Role.FOLLOWER,
            0,
            OptionalInt.empty(),
            0,
            0,
            0));
  }

  private void allWork() {
    for (int node = 1; node <= 5; node++) {
      works(node, node == 2 ? Role.LEADER : Role.FOLLOWER, 3, 2);
    }
  }

  private String table() {
    return String.join("\n", StatusTable.render(status().look())) + "\n";
  }

  @Test
  void showsAHealthyCluster() {
    allWork();
    assertThat(table())
        .isEqualTo(
            """
            Node  Status    Where   Chat address    Raft address    Role      Term  Commit  Applied
            1     ● Online  Local   10.0.0.1:50051  10.0.0.1:50061  follower     3      12       11
            2     ● Online  Local   10.0.0.1:50052  10.0.0.1:50062  ★ leader     3      12       11
            3     ● Online  Remote  10.0.0.2:50053  10.0.0.2:50063  follower     3      12       11
            4     ● Online  Remote  10.0.0.2:50054  10.0.0.2:50064  follower     3      12       11
            5     ● Online  Remote  10.0.0.2:50055  10.0.0.2:50065  follower     3      12       11
            Leader: node 2 in term 3.
            """);
  }

  @Test
  void showsWhatIsWrongAndWhy() {
    allWork();
    processes.put(1, new State.Ended(1));
    reports.remove(1);
    reports.remove(4);
    says(5, Condition.DEGRADED, "its disk failed", List.of());
    assertThat(table())
        .contains("1     ✗ Failed   Local   10.0.0.1:50051  10.0.0.1:50061  –            –")
        .contains("4     ○ Offline  Remote")
        .contains("5     ✗ Failed   Remote")
        .contains(
            "Attention: no quorum: 2 of 5 nodes can serve, 3 needed; node 5 says: its disk failed.")
        .contains("Node 1: its process ended with exit code 1: Address in use")
        .contains("Node 5: its disk failed");
  }

  @Test
  void saysWhatIsWrongWithNodesThatWork() {
    allWork();
    for (int node : List.of(2, 5)) {
      NodeReport well = reports.get(node);
      reports.put(
          node,
          new NodeReport(
              node,
              "chat",
              true,
              Condition.WORKING,
              "there is no room for commands on the disk",
              List.of(),
              well.role(),
              well.term(),
              well.leader(),
              well.commit(),
              well.applied(),
              well.voters()));
    }
    assertThat(table())
        .contains("2     ● Online  Local")
        .contains("Nodes 2, 5: there is no room for commands on the disk");
  }

  @Test
  void countsTheNodesThatAreLeft() {
    allWork();
    reports.remove(3);
    reports.remove(4);
    reports.remove(5);
    assertThat(table()).contains("Attention: no quorum: 2 of 5 nodes reachable, 3 needed.");
  }

  @Test
  void countsVotersThatTheFileDoesNotName() {
    for (int node : List.of(2, 4, 5)) {
      works(node, Role.FOLLOWER, 3, 0, 6);
    }
    assertThat(table())
        .contains(
            "Attention: no leader at the moment: 3 of 6 nodes reachable, 4 needed; the cluster file names 5.");
    works(2, Role.LEADER, 4, 2, 6);
    works(4, Role.FOLLOWER, 4, 2, 6);
    works(5, Role.FOLLOWER, 4, 2, 6);
    assertThat(table()).contains("Leader: node 2 in term 4.").doesNotContain("Attention");
    reports.remove(5);
    assertThat(table()).contains("Attention: no quorum: 2 of 6 nodes reachable, 4 needed.");
  }

  @Test
  void doesNotCountNodesOfTheFileThatWereRemoved() {
    works(1, Role.FOLLOWER, 3, 2, 3);
    works(2, Role.LEADER, 3, 2, 3);
    assertThat(table()).doesNotContain("Attention");
    reports.remove(1);
    assertThat(table()).contains("Attention: no quorum: 1 of 3 nodes reachable, 2 needed.");
  }

  @Test
  void saysForWhomAClusterThatIsBeingFormedWaits() {
    says(1, Condition.FORMING, "", List.of(3, 4, 5));
    says(2, Condition.FORMING, "", List.of(3, 4, 5));
    assertThat(table())
        .contains("1     ◌ Starting…  Local")
        .contains("Leader: none.")
        .contains(
            "Nodes 1, 2: the cluster forms once all nodes have answered; it waits for 3, 4, 5");
    assertThat(status().look().trouble())
        .contains("the cluster forms once all nodes have answered; it waits for 3, 4, 5");
  }

  @Test
  void aNodeThatWasStoppedIsOfflineEvenIfSomethingAnswersInItsPlace() {
    allWork();
    processes.put(1, new State.Stopped());
    assertThat(status().look(1).state()).isEqualTo(NodeState.OFFLINE);
  }

  @Test
  void aProcessThatNeverAnswersIsNotStartingForEver() {
    assertThat(status().look(1).state()).isEqualTo(NodeState.STARTING);
    processes.put(1, new State.Running(4711, Duration.ofMinutes(1)));
    assertThat(status().look(1).state()).isEqualTo(NodeState.OFFLINE);
    assertThat(status().look(1).note()).contains("its process 4711 runs, but does not answer");
  }

  @Test
  void anotherNodeAtTheAddressIsNotTakenForIt() {
    works(2, Role.FOLLOWER, 1, 1);
    reports.put(1, reports.get(2));
    assertThat(status().look(1).note()).contains("node 2 answers at 10.0.0.1:50051");
  }

  @Test
  void ofTwoThatSayTheyLeadTheHigherTermDoes() {
    allWork();
    works(4, Role.LEADER, 4, 4);
    works(3, Role.FOLLOWER, 4, 4);
    works(5, Role.FOLLOWER, 4, 4);
    assertThat(status().look().acknowledgedLeader()).contains(new ClusterView.Leader(4, 4));
    assertThat(table()).contains("former leader").contains("Leader: node 4 in term 4.");
  }

  @Test
  void aLeaderThatTooFewFollowIsNotAcknowledged() {
    allWork();
    works(3, Role.FOLLOWER, 4, 0);
    works(4, Role.FOLLOWER, 4, 0);
    works(5, Role.FOLLOWER, 4, 0);
    assertThat(status().look().leader()).contains(new ClusterView.Leader(2, 3));
    assertThat(status().look().acknowledgedLeader()).isEmpty();
  }
}
