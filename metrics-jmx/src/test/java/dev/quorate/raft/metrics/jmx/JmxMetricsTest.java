package dev.quorate.raft.metrics.jmx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quorate.raft.api.ApplyContext;
import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.RaftNode;
import dev.quorate.raft.api.StateMachine;
import dev.quorate.raft.api.metrics.Metric;
import dev.quorate.raft.engine.Raft;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import javax.management.Attribute;
import javax.management.AttributeNotFoundException;
import javax.management.InstanceNotFoundException;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JmxMetricsTest {

  private static final NodeId N1 = NodeId.of("n1");

  private final MBeanServer server = ManagementFactory.getPlatformMBeanServer();

  @Test
  void aNodeIsSeenAtWork(@TempDir Path directory) throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    try (JmxMetrics metrics = JmxMetrics.register(N1);
        RaftNode node =
            Raft.node(N1)
                .cluster("metrics", "n1=127.0.0.1:" + port)
                .stateMachine(new Echo())
                .dataDirectory(directory)
                .metrics(metrics)
                .start()) {
      node.submitOrThrow(new byte[] {1});
      node.submitOrThrow(new byte[] {2});
      // Two commands, each after the one before: at least two forces, and no more turns to wait
      // for.
      assertThat(read(metrics, "raft.force.latency.count")).isGreaterThanOrEqualTo(2);
      assertThat(read(metrics, "raft.force.latency.sum"))
          .isGreaterThanOrEqualTo(read(metrics, "raft.force.latency.max"));
      assertThat(read(metrics, "raft.elections.won")).isOne();
      assertThat(read(metrics, "raft.term")).isEqualTo(node.status().term());
      assertThat(read(metrics, "raft.index.commit")).isPositive();
    }
  }

  private long read(JmxMetrics metrics, String attribute) throws Exception {
    return (Long) server.getAttribute(metrics.name(), attribute);
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
  void everyMetricHasItsAttributes() throws Exception {
    try (JmxMetrics metrics = JmxMetrics.register(N1)) {
      for (Metric metric : Metric.values()) {
        metrics.record(metric, 3);
        metrics.record(metric, 2);
      }
      for (Metric metric : Metric.values()) {
        switch (metric.kind()) {
          case COUNTER -> assertThat(read(metrics, metric.key())).isEqualTo(5);
          case GAUGE -> assertThat(read(metrics, metric.key())).isEqualTo(2);
          case SAMPLE -> {
            assertThat(read(metrics, metric.key() + ".count")).isEqualTo(2);
            assertThat(read(metrics, metric.key() + ".sum")).isEqualTo(5);
            assertThat(read(metrics, metric.key() + ".max")).isEqualTo(3);
          }
        }
      }
      MBeanAttributeInfo[] attributes = server.getMBeanInfo(metrics.name()).getAttributes();
      assertThat(attributes).allMatch(info -> info.isReadable() && !info.isWritable());
      String[] names =
          Arrays.stream(attributes).map(MBeanAttributeInfo::getName).toArray(String[]::new);
      assertThat(server.getAttributes(metrics.name(), names)).hasSameSizeAs(attributes);
    }
  }

  @Test
  void whatIsNotThereIsRefused() throws Exception {
    try (JmxMetrics metrics = JmxMetrics.register(N1)) {
      assertThatThrownBy(() -> read(metrics, "raft.trem"))
          .isInstanceOf(AttributeNotFoundException.class)
          .hasMessageContaining("raft.trem")
          .hasMessageContaining("raft.term");
      assertThatThrownBy(() -> server.setAttribute(metrics.name(), new Attribute("raft.term", 1L)))
          .isInstanceOf(AttributeNotFoundException.class);
      assertThatThrownBy(() -> JmxMetrics.register(N1))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("n1");
    }
  }

  @Test
  void aClosedOneIsGoneAndItsNameIsFree() {
    JmxMetrics first = JmxMetrics.register(N1);
    first.close();
    assertThatThrownBy(() -> server.getMBeanInfo(first.name()))
        .isInstanceOf(InstanceNotFoundException.class);
    try (JmxMetrics second = JmxMetrics.register(N1)) {
      assertThat(server.isRegistered(second.name())).isTrue();
    }
    first.close();
  }
}
