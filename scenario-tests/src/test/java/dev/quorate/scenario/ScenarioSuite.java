package dev.quorate.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Scenarios S1 to S9, one after the other in the life of one cluster. What differs from site to
 * site is only where the demos run.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@ExtendWith(StopAtFirstFailure.class)
@Timeout(400)
abstract class ScenarioSuite {
  /** Of the specification, for two cores with nothing else to do, as CI has them. */
  private static final Duration UP = Duration.ofSeconds(Boolean.getBoolean("quorate.ci") ? 10 : 60);

  /** Of the specification, for a node that has lived through all of these scenarios. */
  private static final long NODE_MEMORY_BYTES = 180L << 20;

  @TempDir private static Path directory;

  private final List<DemoProcess> demos = new ArrayList<>();

  /** What nobody can acknowledge in S6, and whether it is certainly not there then. */
  private final Map<Client.Draft, Boolean> unacknowledged = new LinkedHashMap<>();

  private Site site;

  abstract Site site(Path directory) throws IOException, InterruptedException;

  @BeforeAll
  void choose() throws IOException, InterruptedException {
    site = site(directory);
  }

  @AfterAll
  void endAll() throws IOException {
    if (site != null) {
      site.close();
    }
  }

  final Site site() {
    return site;
  }

  /** The demo of a machine, counted from 0. */
  final DemoProcess demo(int machine) {
    return demos.get(machine);
  }

  /** Ends it. */
  final void end(int machine) throws InterruptedException {
    // That a test has failed in it, as S6 demands, is what scripts learn from the exit code.
    demo(machine).exits(demo(machine).transcript().contains("\nFAIL ") ? 3 : 0);
  }

  /** Starts it anew. */
  final void restart(int machine, String... options) throws IOException, InterruptedException {
    demos.set(machine, site.start(machine, options));
    demo(machine).awaitReady();
  }

  private DemoProcess demoOf(int node) {
    return demos.get(site.machineOf(node));
  }

  private int messages() throws IOException, InterruptedException {
    List<Client.Seen> messages = site.client().conversation(site.address(2));
    assertThat(messages).extracting(Client.Seen::content).doesNotHaveDuplicates();
    return messages.size();
  }

  final void awaitEverywhere(String what, Duration within, Predicate<DemoProcess.Table> condition)
      throws InterruptedException {
    awaitEverywhere(what, within, System.nanoTime(), condition);
  }

  private void awaitEverywhere(
      String what, Duration within, long begin, Predicate<DemoProcess.Table> condition)
      throws InterruptedException {
    for (DemoProcess demo : demos) {
      Duration left = Scenarios.limit(within).minusNanos(System.nanoTime() - begin);
      demo.awaitStatus(what, left, condition);
    }
  }

  @Test
  @Order(1)
  void s1AllNodesComeUpAndNode2Leads() throws Exception {
    demos.addAll(startAll());
    long begin = System.nanoTime();
    for (DemoProcess demo : demos) {
      demo.awaitReady();
    }
    awaitEverywhere(
        "five nodes, led by node 2", UP, begin, table -> table.isWhole() && table.leader() == 2);
    for (int machine = 0; machine < demos.size(); machine++) {
      assertThat(site.transportOf(machine)).isEqualTo(Scenarios.transport());
    }
  }

  /** Starts the demos of all machines and gives them in the order of the machines. */
  List<DemoProcess> startAll() throws IOException, InterruptedException {
    return site.machines() == 1
        ? List.of(site.start(0, "--fail-leader"))
        : startBoth(0, Duration.ZERO);
  }

  /** Starts both demos, the second one so much after the first one has begun to wait for it. */
  final List<DemoProcess> startBoth(int first, Duration later)
      throws IOException, InterruptedException {
    DemoProcess[] both = new DemoProcess[2];
    for (int machine : new int[] {first, 1 - first}) {
      if (machine != first) {
        both[first].await("^Waiting: .* it waits for .*$", Duration.ofSeconds(30));
        both[first].runsOn(later);
      }
      both[machine] = machine == 0 ? site.start(0, "--fail-leader") : site.start(machine);
    }
    return List.of(both);
  }

  @Test
  @Order(2)
  @DisabledIfSystemProperty(named = "quorate.scenarios", matches = "short")
  void s2TestsOnAllMachinesAtOnceSendOneMessageEach() throws Exception {
    for (int round = 1; round <= 2; round++) {
      for (DemoProcess demo : demos) {
        demo.beginTest();
      }
      for (DemoProcess demo : demos) {
        demo.endTestWithPass();
      }
      assertThat(messages()).isEqualTo(round * demos.size());
    }
  }

  @Test
  @Order(3)
  @DisabledIfSystemProperty(named = "quorate.scenarios", matches = "short")
  void s3OneNodeIsDown() throws Exception {
    demoOf(3).answers("fail 3", "node 3 is stopped");
    awaitEverywhere("node 3 offline", Duration.ofSeconds(2), table -> !table.row(3).isOnline());
    demos.get(0).testPasses();
    demoOf(3).testPasses();
  }

  @Test
  @Order(4)
  @DisabledIfSystemProperty(named = "quorate.scenarios", matches = "short")
  void s4ItComesBackAndCatchesUp() throws Exception {
    long begin = System.nanoTime();
    demoOf(3).answers("start 3", "node 3 is online after .*");
    awaitEqualStates(
        List.of(2, 3),
        Scenarios.limit(Duration.ofSeconds(5)).minusNanos(System.nanoTime() - begin));
    awaitEverywhere("node 3 online", Duration.ofSeconds(2), table -> table.row(3).isOnline());
  }

  private void awaitEqualStates(List<Integer> nodes, Duration within) throws Exception {
    long begin = System.nanoTime();
    while (true) {
      List<Client.State> states = new ArrayList<>();
      for (int node : nodes) {
        states.add(site.client().state(site.address(node)));
      }
      long different = states.stream().map(Client.State::contents).distinct().count();
      if (different == 1) {
        return;
      }
      assertThat(Duration.ofNanos(System.nanoTime() - begin))
          .as("nodes %s have the states %s", nodes, states)
          .isLessThan(within);
    }
  }

  @Test
  @Order(5)
  void s5TwoNodesAreDown() throws Exception {
    demoOf(1).answers("fail 1", "node 1 is stopped");
    demoOf(4).answers("fail 4", "node 4 is stopped");
    demos.get(0).testPasses();
    demoOf(5).testPasses();
  }

  @Test
  @Order(6)
  void s6WithoutAQuorumNothingIsDoneAndItSaysSo() throws Exception {
    Client client = site.client();
    // The leader as long as it takes itself for one, if it is not node 5, and then a follower.
    int first = client.leader(site.address(2)) == 3 ? 3 : 2;
    int second = 5 - first;
    Client.Draft early = client.draft(site.address(first), "while-the-quorum-goes");
    Client.Draft late = client.draft(site.address(second), "without-a-quorum");
    demoOf(5).answers("fail 5", "node 5 is stopped");
    client.beginSend(site.address(first), early);
    String quorum = "no quorum: 2 of 5 nodes reachable, 3 needed";
    for (DemoProcess demo : demos) {
      demo.beginTest();
    }
    for (DemoProcess demo : demos) {
      assertThat(demo.endTestWithFail()).contains(quorum);
    }
    unacknowledged.put(early, client.endSendUnacknowledged());
    client.beginSend(site.address(second), late);
    unacknowledged.put(late, client.endSendUnacknowledged());
    client.cannotRead(site.address(2));
    client.cannotRead(site.address(3));
  }

  @Test
  @Order(7)
  void s7ItServesAgainAsSoonAsThereIsAQuorum() throws Exception {
    demoOf(1).answers("start 1", "node 1 is online after .*");
    demoOf(4).answers("start 4", "node 4 is online after .*");
    long begin = System.nanoTime();
    demoOf(5).answers("start 5", "node 5 is online after .*");
    demoOf(5).testPasses();
    assertThat(Duration.ofNanos(System.nanoTime() - begin))
        .isLessThan(Scenarios.limit(Duration.ofSeconds(5)));
    demos.get(0).testPasses();
    whatWasNotAcknowledgedIsThereOnceAtMost();
    awaitEverywhere("five nodes", UP, DemoProcess.Table::isWhole);
  }

  private void whatWasNotAcknowledgedIsThereOnceAtMost() throws IOException, InterruptedException {
    Client client = site.client();
    assertThat(unacknowledged).hasSize(2);
    List<Client.Seen> before = client.conversation(site.address(4));
    for (Map.Entry<Client.Draft, Boolean> sent : unacknowledged.entrySet()) {
      Client.Draft draft = sent.getKey();
      boolean certainlyNot = sent.getValue();
      List<Client.Seen> there = draft.in(before);
      assertThat(there).hasSizeLessThanOrEqualTo(certainlyNot ? 0 : 1);
      Client.Seen retried = client.sends(site.address(1), draft);
      assertThat(there).allMatch(retried::equals);
      assertThat(client.sends(site.address(5), draft)).isEqualTo(retried);
      assertThat(draft.in(client.conversation(site.address(3)))).containsExactly(retried);
    }
    messages();
  }

  @Test
  @Order(8)
  void s8AnotherNodeTakesOverFromTheLeader() throws Exception {
    demos.get(0).awaitStatus("node 2 leads", UP, table -> table.leader() != 0);
    int before = messages();
    int leader = demos.get(0).status().leader();
    demoOf(leader).answers("fail " + leader, "node " + leader + " is stopped");
    awaitEverywhere(
        "a new leader",
        Duration.ofSeconds(2),
        table -> table.leader() != 0 && table.leader() != leader);
    demos.get(0).testPasses();
    int other = leader == 3 ? 4 : 3;
    assertThat(site.client().conversation(site.address(other))).hasSize(before + 1);
    demoOf(leader).answers("start " + leader, "node " + leader + " is online after .*");
    awaitEverywhere(
        "five nodes, with the former leader as a follower",
        UP,
        table -> table.isWhole() && table.row(leader).role().equals("follower"));
  }

  @Test
  @Order(9)
  @DisabledIfSystemProperty(named = "quorate.scenarios", matches = "short")
  void s9BadInputGetsOneClearLine() throws Exception {
    DemoProcess demo = demos.get(0);
    demo.answers("fail x", "fail: 'x' is no node's number; the nodes are 1, 2, 3, 4, 5");
    demo.answers("fail 9", "fail: there is no node 9; the nodes are 1, 2, 3, 4, 5");
    demo.answers("fail", "fail needs the number of a node, for example: fail 3");
    demo.answers("start 1", "node 1 is running already");
    demo.answers("sing", "unknown command 'sing'; 'help' lists the commands");
    if (site.machines() > 1) {
      demo.answers("fail 3", "node 3 runs on the other machine, at .*; type it there");
      demos.get(1).answers("start 1", "node 1 runs on the other machine, at .*; type it there");
    }
  }

  @Test
  @Order(10)
  void noNodeHasGrownBeyondItsMemory() throws Exception {
    for (DemoProcess demo : demos) {
      Map<Long, Long> memory = ResidentMemory.ofJavaProcesses(demo.children());
      assertThat(memory).isNotEmpty();
      assertThat(memory.values())
          .as("bytes of each process id: %s", memory)
          .allMatch(bytes -> bytes < NODE_MEMORY_BYTES);
    }
  }

  @Test
  @Order(12)
  void exitLeavesNothingBehind() throws Exception {
    for (int machine = 0; machine < demos.size(); machine++) {
      end(machine);
    }
  }
}
