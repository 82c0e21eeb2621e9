package dev.quorate.raft.metrics.jmx;

import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.RaftNode;
import dev.quorate.raft.api.metrics.Metric;
import dev.quorate.raft.api.metrics.MetricTotals;
import dev.quorate.raft.api.metrics.RaftMetrics;
import java.lang.management.ManagementFactory;
import javax.management.InstanceAlreadyExistsException;
import javax.management.InstanceNotFoundException;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/**
 * Shows what one node measures in one group as the MBean {@code
 * dev.quorate.raft:type=Node,id="n1",group="orders"}. Its attributes are read-only numbers with the
 * names of the metrics: a gauge its last value, a counter its sum, and of a sample three: {@code
 * .count}, {@code .sum} and {@code .max}.
 *
 * <pre>{@code
 * try (JmxMetrics metrics = JmxMetrics.register(NodeId.of("n1"));
 *     RaftNode node = Raft.node("n1").metrics(metrics) ... .start()) {
 *   ...
 * }
 * }</pre>
 *
 * <p>For any thread.
 */
public final class JmxMetrics implements RaftMetrics, AutoCloseable {

  private static final String DOMAIN = "dev.quorate.raft";

  private final MetricTotals totals = new MetricTotals();
  private final MBeanServer server;
  private final ObjectName name;

  private JmxMetrics(MBeanServer server, ObjectName name) {
    this.server = server;
    this.name = name;
  }

  /**
   * Registers the MBean of a node in the group {@link RaftNode#DEFAULT_GROUP} with the platform's
   * server.
   *
   * @param node the node's id
   * @return the metrics, to be given to the node's builder and closed after the node
   * @throws IllegalStateException if there is one already
   */
  public static JmxMetrics register(NodeId node) {
    return register(node, ManagementFactory.getPlatformMBeanServer());
  }

  /**
   * Registers the MBean of a node in a group with the platform's server.
   *
   * @param node the node's id
   * @param group the group's id; for a host's own metrics a name that no group has
   * @return the metrics, to be given to the node's or the group's builder and closed after the node
   * @throws IllegalStateException if there is one already
   */
  public static JmxMetrics register(NodeId node, String group) {
    return register(node, group, ManagementFactory.getPlatformMBeanServer());
  }

  /**
   * Registers the MBean of a node in the group {@link RaftNode#DEFAULT_GROUP}.
   *
   * @param node the node's id
   * @param server with which server
   * @return the metrics, to be given to the node's builder and closed after the node
   * @throws IllegalStateException if there is one already
   */
  public static JmxMetrics register(NodeId node, MBeanServer server) {
    return register(node, RaftNode.DEFAULT_GROUP, server);
  }

  /**
   * Registers the MBean of a node in a group.
   *
   * @param node the node's id
   * @param group the group's id; for a host's own metrics a name that no group has
   * @param server with which server
   * @return the metrics, to be given to the node's or the group's builder and closed after the node
   * @throws IllegalStateException if there is one already
   */
  public static JmxMetrics register(NodeId node, String group, MBeanServer server) {
    try {
      ObjectName name =
          new ObjectName(
              DOMAIN
                  + ":type=Node,id="
                  + ObjectName.quote(node.value())
                  + ",group="
                  + ObjectName.quote(group));
      JmxMetrics metrics = new JmxMetrics(server, name);
      server.registerMBean(new NodeBean(metrics.totals), name);
      return metrics;
    } catch (InstanceAlreadyExistsException e) {
      throw new IllegalStateException(
          "node "
              + node
              + " has an MBean for group '"
              + group
              + "' already; each group of a process is registered under its own id: "
              + e.getMessage(),
          e);
    } catch (JMException e) {
      throw new IllegalStateException("no MBean for node " + node + " in group '" + group + "'", e);
    }
  }

  /**
   * The MBean's name.
   *
   * @return the name, under which the server knows it until this is closed
   */
  public ObjectName name() {
    return name;
  }

  @Override
  public void record(Metric metric, long value) {
    totals.record(metric, value);
  }

  /** Takes the MBean from the server. Again does nothing. */
  @Override
  public void close() {
    try {
      server.unregisterMBean(name);
    } catch (InstanceNotFoundException e) {
      // Closed already, or somebody else took it away: it is gone, which is all that was wanted.
    } catch (JMException e) {
      throw new IllegalStateException("the MBean " + name + " cannot be taken away", e);
    }
  }
}
