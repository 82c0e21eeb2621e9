package dev.quorate.raft.metrics.micrometer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quorate.raft.api.ApplyContext;
import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.RaftNode;
import dev.quorate.raft.api.StateMachine;
import dev.quorate.raft.api.metrics.Metric;
import dev.quorate.raft.engine.Raft;
import dev.quorate.raft.engine.RaftHost;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MicrometerMetricsTest {

  private static final NodeId N1 = NodeId.of("n1");
  private static final NodeId N2 = NodeId.of("n2");

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

  @Test
  void aNodeIsSeenAtWork(@TempDir Path directory) throws Exception {
    try (MicrometerMetrics metrics = new MicrometerMetrics(registry, N1);
        RaftNode node =
            Raft.node(N1)
                .cluster("metrics", "n1=127.0.0.1:" + freePort())
                .stateMachine(new Echo())
                .dataDirectory(directory)
                .metrics(metrics)
                .start()) {
      node.submitOrThrow(new byte[] {1});
      node.submitOrThrow(new byte[] {2});
      Timer forces = registry.get("raft.force.latency").tag("node", "n1").timer();
      assertThat(forces.count()).isGreaterThanOrEqualTo(2);
      assertThat(forces.totalTime(TimeUnit.NANOSECONDS)).isPositive();
      assertThat(registry.get("raft.elections.won").counter().count()).isEqualTo(1);
      assertThat(registry.get("raft.term").gauge().value()).isEqualTo(node.status().term());
    }
    assertThat(registry.getMeters()).isEmpty();
  }

  private static int freePort() throws IOException {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return free.getLocalPort();
    }
  }

  @Test
  void theGroupsOfAHostAreToldApart(@TempDir Path directory) throws Exception {
    try (MicrometerMetrics ofHost = new MicrometerMetrics(registry, N1, "(host)");
        MicrometerMetrics ofOrders = new MicrometerMetrics(registry, N1, "orders");
        MicrometerMetrics ofPrices = new MicrometerMetrics(registry, N1, "prices");
        RaftHost host =
            Raft.host(N1)
                .cluster("metrics", "n1=127.0.0.1:" + freePort())
                .dataDirectory(directory)
                .metrics(ofHost)
                .start()) {
      RaftNode orders = host.group("orders").stateMachine(new Echo()).metrics(ofOrders).start();
      RaftNode prices = host.group("prices").stateMachine(new Echo()).metrics(ofPrices).start();
      prices.submitOrThrow(new byte[] {1});
      for (int i = 0; i < 10; i++) {
        orders.submitOrThrow(new byte[] {1});
      }
      assertThat(commitIndex("orders")).isGreaterThanOrEqualTo(10);
      assertThat(commitIndex("prices")).isBetween(1.0, 9.0);
      assertThat(registry.get("raft.force.latency").tag("group", "(host)").timer().count())
          .isPositive();
      // Prometheus takes meters of one name only with the same keys of tags.
      assertThat(registry.getMeters())
          .allSatisfy(
              meter ->
                  assertThat(meter.getId().getTags())
                      .extracting(Tag::getKey)
                      .containsExactlyInAnyOrder("node", "group"));
    }
    assertThat(registry.getMeters()).isEmpty();
  }

  private double commitIndex(String group) {
    return registry.get("raft.index.commit").tags("node", "n1", "group", group).gauge().value();
  }

  @Test
  void aSecondOfTheSameGroupIsRefusedUntilTheFirstIsClosed() {
    MicrometerMetrics first = new MicrometerMetrics(registry, N1);
    assertThatThrownBy(() -> new MicrometerMetrics(registry, N1, "default"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("node n1")
        .hasMessageContaining("group 'default'");
    first.close();
    new MicrometerMetrics(registry, N1).close();
    assertThat(registry.getMeters()).isEmpty();
  }

  private static final class Echo implements StateMachine {
    @Override
    public byte[] apply(ApplyContext context, ByteBuffer command) {
      return new byte[0];
    }

    @Override
    public byte[] query(ByteBuffer query) {
      return new byte[0];
    }
  }

  @Test
  void everyMetricIsAMeterOfItsKind() {
    MicrometerMetrics metrics = new MicrometerMetrics(registry, N1);
    for (Metric metric : Metric.values()) {
      metrics.record(metric, 3);
      metrics.record(metric, 2);
    }
    for (Metric metric : Metric.values()) {
      Meter meter = registry.get(metric.key()).tag("node", "n1").meter();
      switch (metric.kind()) {
        case COUNTER ->
            assertThat(registry.get(metric.key()).counter().count()).as("%s", metric).isEqualTo(5);
        case GAUGE ->
            assertThat(registry.get(metric.key()).gauge().value()).as("%s", metric).isEqualTo(2);
        case SAMPLE -> {
          boolean time = metric.unit() == Metric.Unit.NANOSECONDS;
          assertThat(meter.getId().getType())
              .as("%s", metric)
              .isEqualTo(time ? Meter.Type.TIMER : Meter.Type.DISTRIBUTION_SUMMARY);
          if (!time) {
            assertThat(registry.get(metric.key()).summary().totalAmount()).isEqualTo(5);
          }
        }
      }
    }
  }

  @Test
  void severalNodesShareARegistryAndEachTakesItsOwnAway() {
    MicrometerMetrics first = new MicrometerMetrics(registry, N1);
    MicrometerMetrics second = new MicrometerMetrics(registry, N2);
    first.record(Metric.TERM, 1);
    second.record(Metric.TERM, 2);
    first.close();
    assertThat(registry.find("raft.term").tag("node", "n1").gauge()).isNull();
    assertThat(registry.get("raft.term").tag("node", "n2").gauge().value()).isEqualTo(2);
  }
}
