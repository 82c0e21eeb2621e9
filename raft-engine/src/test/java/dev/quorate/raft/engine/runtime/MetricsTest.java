package dev.quorate.raft.engine.runtime;

import static dev.quorate.raft.engine.runtime.Register.bytes;
import static dev.quorate.raft.engine.runtime.TestCluster.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.raft.api.Outcome;
import dev.quorate.raft.api.RaftNode;
import dev.quorate.raft.api.Session;
import dev.quorate.raft.api.metrics.Metric;
import dev.quorate.raft.api.metrics.MetricTotals;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What real nodes measure of themselves. */
@Timeout(120)
class MetricsTest {

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private static long sum(TestCluster cluster, Metric metric) {
    return IntStream.rangeClosed(1, 3)
        .mapToLong(i -> cluster.metrics(cluster.node(i).id()).sum(metric))
        .sum();
  }

  private static void submit(RaftNode node, int count) {
    for (int i = 0; i < count; i++) {
      node.submit(bytes("x".repeat(100)), PATIENCE).join().resultOrThrow();
    }
  }

  @Test
  void everyMetricIsReported() {
    try (TestCluster cluster = new TestCluster(3).with("raft.snapshot.tail-entries", "0")) {
      cluster.startAll();
      RaftNode leader = cluster.leader();
      RaftNode away = cluster.follower();
      submit(leader, 3);
      away.close();
      submit(leader, 20);
      for (int i = 1; i <= 3; i++) {
        RaftNode node = cluster.node(i);
        if (node != away) {
          node.read(bytes(""), PATIENCE).join();
          node.takeSnapshot(PATIENCE).join();
          int disk = i;
          until("compaction", () -> cluster.disk(disk).baseIndex() > 3);
        }
      }
      int number = Integer.parseInt(away.id().value().substring(1));
      submit(cluster.start(number), 1);
      until("a snapshot fetched", () -> sum(cluster, Metric.SNAPSHOTS_FETCHED) >= 1);
      assertThat(Metric.values())
          .allMatch(
              metric ->
                  IntStream.rangeClosed(1, 3)
                      .anyMatch(i -> cluster.metrics(cluster.node(i).id()).count(metric) > 0));
      assertThat(sum(cluster, Metric.ELECTIONS_WON)).isPositive();
      assertThat(sum(cluster, Metric.ELECTIONS))
          .isGreaterThanOrEqualTo(sum(cluster, Metric.ELECTIONS_WON));
      assertThat(sum(cluster, Metric.SNAPSHOTS_TAKEN)).isGreaterThanOrEqualTo(2);
      MetricTotals fetched = cluster.metrics(away.id());
      until("the end of the fetch", () -> fetched.last(Metric.SNAPSHOT_LENGTH_BYTES) == 0);
      assertThat(sum(cluster, Metric.SNAPSHOT_SERVED_BYTES))
          .isGreaterThanOrEqualTo(fetched.greatest(Metric.SNAPSHOT_LENGTH_BYTES));
      assertThat(fetched.greatest(Metric.SNAPSHOT_FETCHED_BYTES))
          .isPositive()
          .isEqualTo(fetched.greatest(Metric.SNAPSHOT_LENGTH_BYTES));
    }
  }

  @Test
  void gaugesAreWhatTheStatusSaysAndForcesAreCounted() {
    try (TestCluster cluster = new TestCluster(3)) {
      RaftNode leader = cluster.startAll().leader();
      submit(leader, 10);
      MetricTotals totals = cluster.metrics(leader.id());
      until("nothing in flight", () -> totals.last(Metric.PENDING_CALLS) == 0);
      until(
          "the gauges",
          () ->
              totals.last(Metric.ROLE) == 3
                  && totals.last(Metric.TERM) == leader.status().term()
                  && totals.last(Metric.APPLIED_INDEX) == leader.status().appliedIndex()
                  && totals.last(Metric.LAST_INDEX) == leader.status().lastIndex()
                  && totals.last(Metric.WORKING) == 1
                  && totals.last(Metric.IN_FLIGHT_BYTES) == 0);
      assertThat(totals.sum(Metric.APPLIED_ENTRIES)).isGreaterThanOrEqualTo(10);
      assertThat(totals.count(Metric.COMMIT_LATENCY)).isPositive();
      assertThat(totals.count(Metric.APPLY_LATENCY)).isPositive();
      assertThat(totals.sum(Metric.FORCE_BYTES)).isGreaterThan(1_000);
      assertThat(totals.greatest(Metric.IN_FLIGHT_BYTES)).isPositive();
      assertThat(totals.greatest(Metric.UNFORCED_BYTES)).isPositive();
      until("nothing on its way to the disk", () -> totals.last(Metric.UNFORCED_BYTES) == 0);
      assertThat(
              Stream.of(Metric.FORCE_LATENCY, Metric.FORCE_BYTES, Metric.FORCE_BATCHES)
                  .map(totals::greatest))
          .allMatch(greatest -> greatest > 0);
    }
  }

  @Test
  void commandsThatWaitForALeaderAreCounted() {
    try (TestCluster cluster = new TestCluster(3)) {
      cluster.startAll();
      RaftNode lonely = cluster.node(1);
      until("a leader", () -> lonely.status().leader().isPresent());
      cluster.node(2).close();
      cluster.node(3).close();
      MetricTotals totals = cluster.metrics(lonely.id());
      until("no leader", () -> lonely.status().leader().isEmpty());
      CompletableFuture<Outcome> one = lonely.submit(bytes("x"), PATIENCE);
      CompletableFuture<Outcome> two = lonely.submit(bytes("y"), PATIENCE);
      until("two that wait", () -> totals.last(Metric.WAITING_COMMANDS) == 2);
      cluster.start(2);
      assertThat(one.join()).isInstanceOf(Outcome.Applied.class);
      assertThat(two.join()).isInstanceOf(Outcome.Applied.class);
      until("none that waits", () -> totals.last(Metric.WAITING_COMMANDS) == 0);
    }
  }

  @Test
  void aCallThatIsOneTooManyIsCounted() {
    try (TestCluster cluster = new TestCluster(1).with("raft.max-pending-calls", "1")) {
      RaftNode alone = cluster.start(1);
      until("a leader", () -> alone.status().leader().isPresent());
      MetricTotals totals = cluster.metrics(alone.id());
      List<CompletableFuture<Outcome>> calls =
          IntStream.range(0, 1_000).mapToObj(i -> alone.submit(bytes("x"), PATIENCE)).toList();
      long refused = calls.stream().filter(call -> call.join() instanceof Outcome.Rejected).count();
      assertThat(totals.sum(Metric.REFUSED_CALLS)).isEqualTo(refused).isPositive();
    }
  }

  @Test
  void clientsAndSessionsAreCountedAsTheyComeAndGo() {
    try (TestCluster cluster = new TestCluster(1).startAll()) {
      RaftNode alone = cluster.leader();
      MetricTotals totals = cluster.metrics(alone.id());
      RudeClient first = new RudeClient(cluster.network.receiver(alone.id())).greets();
      RudeClient second = new RudeClient(cluster.network.receiver(alone.id())).greets();
      until("two clients", () -> totals.last(Metric.CLIENTS) == 2);
      first.leaves();
      until("one client", () -> totals.last(Metric.CLIENTS) == 1);
      second.leaves();
      until("no client", () -> totals.last(Metric.CLIENTS) == 0);

      Session session = alone.openSession(PATIENCE).join().orThrow();
      alone.openSession(PATIENCE).join().orThrow();
      until("two sessions", () -> totals.last(Metric.SESSIONS) == 2);
      session.close();
      until("one session", () -> totals.last(Metric.SESSIONS) == 1);
      RudeClient late = new RudeClient(cluster.network.receiver(alone.id())).greets();
      until("a client that does not notice the end", () -> totals.last(Metric.CLIENTS) == 1);
      alone.close();
      assertThat(totals.last(Metric.CLIENTS)).isZero();
      RaftNode again = cluster.start(1);
      new RudeClient(cluster.network.receiver(alone.id())).greets();
      until("another client", () -> totals.last(Metric.CLIENTS) == 1);
      late.leaves();
      assertThat(totals.last(Metric.CLIENTS)).isOne();
      again.openSession(PATIENCE).join().orThrow();
      until("a session after a restart, and the old one", () -> totals.last(Metric.SESSIONS) == 2);
    }
  }

  @Test
  void whatThrowsHarmsNobody() throws IOException {
    try (TestCluster cluster = new TestCluster(1);
        RaftNode node =
            cluster
                .builder(1)
                .metrics(
                    (metric, value) -> {
                      throw new AssertionError(metric);
                    })
                .start()) {
      assertThat(node.submit(bytes("x"), PATIENCE).join()).isInstanceOf(Outcome.Applied.class);
    }
  }
}
