package dev.quorate.raft.metrics.micrometer;

import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.RaftNode;
import dev.quorate.raft.api.metrics.Metric;
import dev.quorate.raft.api.metrics.Metric.Unit;
import dev.quorate.raft.api.metrics.RaftMetrics;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;

/**
 * Gives what one node measures in one group to a Micrometer registry, under the names of the
 * metrics and with the tags {@code node} and {@code group}: a counter as a {@link Counter}, a gauge
 * as a {@link Gauge}, a sample as a {@link Timer} if it is a time and else as a {@link
 * DistributionSummary}. Percentiles and histograms are configured with a filter of the registry, as
 * of any meter.
 *
 * <pre>{@code
 * RaftNode node = Raft.node("n1")
 *     .metrics(new MicrometerMetrics(registry, NodeId.of("n1")))
 *     ... .start();
 * }</pre>
 *
 * <p>For any thread.
 */
public final class MicrometerMetrics implements RaftMetrics, AutoCloseable {

  private static final String NODE = "node";
  private static final String GROUP = "group";

  private final MeterRegistry registry;
  private final List<Meter> meters = new ArrayList<>();
  private final Map<Metric, LongConsumer> takers = new EnumMap<>(Metric.class);

  /**
   * Registers the meters of a node in the group {@link RaftNode#DEFAULT_GROUP}.
   *
   * @param registry takes them
   * @param node the node's id, which becomes the tag {@code node}
   * @throws IllegalStateException if the registry has them already
   */
  public MicrometerMetrics(MeterRegistry registry, NodeId node) {
    this(registry, node, RaftNode.DEFAULT_GROUP);
  }

  /**
   * Registers the meters of a node in a group.
   *
   * @param registry takes them
   * @param node the node's id, which becomes the tag {@code node}
   * @param group the group's id, which becomes the tag {@code group}; for a host's own metrics a
   *     name that no group has
   * @throws IllegalStateException if the registry has them already
   */
  public MicrometerMetrics(MeterRegistry registry, NodeId node, String group) {
    this.registry = registry;
    Tags tags = Tags.of(NODE, node.value(), GROUP, group);
    // The registry would give out the same meters again, and two groups would mix in them.
    if (registry.find(Metric.TERM.key()).tags(tags).meter() != null) {
      throw new IllegalStateException(
          "the registry has meters of node "
              + node
              + " and group '"
              + group
              + "' already; each group of a process is registered under its own id");
    }
    for (Metric metric : Metric.values()) {
      takers.put(metric, taker(metric, tags));
    }
  }

  private LongConsumer taker(Metric metric, Tags tags) {
    return switch (metric.kind()) {
      case COUNTER -> {
        Counter counter = Counter.builder(metric.key()).tags(tags).register(registry);
        meters.add(counter);
        yield counter::increment;
      }
      case GAUGE -> {
        AtomicLong last = new AtomicLong();
        meters.add(
            Gauge.builder(metric.key(), last, AtomicLong::doubleValue)
                .strongReference(true)
                .baseUnit(baseUnit(metric))
                .tags(tags)
                .register(registry));
        yield last::set;
      }
      case SAMPLE ->
          metric.unit() == Unit.NANOSECONDS ? timer(metric, tags) : summary(metric, tags);
    };
  }

  private LongConsumer timer(Metric metric, Tags tags) {
    Timer timer = Timer.builder(metric.key()).tags(tags).register(registry);
    meters.add(timer);
    return nanos -> timer.record(nanos, TimeUnit.NANOSECONDS);
  }

  private LongConsumer summary(Metric metric, Tags tags) {
    DistributionSummary summary =
        DistributionSummary.builder(metric.key())
            .baseUnit(baseUnit(metric))
            .tags(tags)
            .register(registry);
    meters.add(summary);
    return summary::record;
  }

  private static String baseUnit(Metric metric) {
    return metric.unit() == Unit.BYTES ? "bytes" : null;
  }

  @Override
  public void record(Metric metric, long value) {
    takers.get(metric).accept(value);
  }

  /**
   * Takes the node's meters from the registry, so that a node that is gone shows no last values.
   */
  @Override
  public void close() {
    meters.forEach(registry::remove);
  }
}
