package dev.quorate.raft.metrics.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.raft.api.ApplyContext;
import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.RaftNode;
import dev.quorate.raft.api.StateMachine;
import dev.quorate.raft.api.metrics.Metric;
import dev.quorate.raft.engine.Raft;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
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
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    try (MicrometerMetrics metrics = new MicrometerMetrics(registry, N1);
        RaftNode node =
            Raft.node(N1)
                .cluster("metrics", "n1=127.0.0.1:" + port)
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
