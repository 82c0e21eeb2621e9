package dev.quorate.raft.metrics.jmx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quorate.raft.api.ApplyContext;
import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.RaftNode;
import dev.quorate.raft.api.StateMachine;
import dev.quorate.raft.api.metrics.Metric;
import dev.quorate.raft.engine.Raft;
import dev.quorate.raft.engine.RaftHost;
import java.io.IOException;
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
    try (JmxMetrics metrics = JmxMetrics.register(N1);
        RaftNode node =
            Raft.node(N1)
                .cluster("metrics", "n1=127.0.0.1:" + freePort())
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

  @Test
  void theGroupsOfAHostAreToldApart(@TempDir Path directory) throws Exception {
    try (JmxMetrics ofHost = JmxMetrics.register(N1, "(host)");
        JmxMetrics ofOrders = JmxMetrics.register(N1, "orders");
        JmxMetrics ofPrices = JmxMetrics.register(N1, "prices");
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
      assertThat(ofOrders.name().getKeyProperty("group")).isEqualTo("\"orders\"");
      assertThat(read(ofOrders, "raft.index.commit")).isGreaterThanOrEqualTo(10);
      assertThat(read(ofPrices, "raft.index.commit")).isBetween(1L, 9L);
      assertThat(read(ofHost, "raft.force.latency.count")).isPositive();
      assertThat(read(ofOrders, "raft.force.latency.count")).isZero();
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return free.getLocalPort();
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
          .hasMessageContaining("node n1")
          .hasMessageContaining("group 'default'");
      assertThatThrownBy(() -> JmxMetrics.register(N1, "default"))
          .isInstanceOf(IllegalStateException.class);
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
