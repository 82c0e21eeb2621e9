package dev.quorate.raft.metrics.jmx;

import dev.quorate.raft.api.metrics.Metric;
import dev.quorate.raft.api.metrics.MetricTotals;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToLongFunction;
import javax.management.Attribute;
import javax.management.AttributeList;
import javax.management.AttributeNotFoundException;
import javax.management.DynamicMBean;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanInfo;
import javax.management.ReflectionException;

/** The attributes of one node: read-only numbers that are made of its totals when they are read. */
final class NodeBean implements DynamicMBean {

  private final MetricTotals totals;
  private final Map<String, ToLongFunction<MetricTotals>> readers = new LinkedHashMap<>();
  private final MBeanInfo info;

  NodeBean(MetricTotals totals) {
    this.totals = totals;
    List<MBeanAttributeInfo> attributes = new ArrayList<>();
    for (Metric metric : Metric.values()) {
      readersOf(metric)
          .forEach(
              (name, reader) -> {
                readers.put(name, reader);
                attributes.add(attribute(name, metric));
              });
    }
    info =
        new MBeanInfo(
            NodeBean.class.getName(),
            "What a Raft node measures",
            attributes.toArray(MBeanAttributeInfo[]::new),
            null,
            null,
            null);
  }

  private static Map<String, ToLongFunction<MetricTotals>> readersOf(Metric metric) {
    return switch (metric.kind()) {
      case COUNTER -> Map.of(metric.key(), all -> all.sum(metric));
      case GAUGE -> Map.of(metric.key(), all -> all.last(metric));
      case SAMPLE -> {
        Map<String, ToLongFunction<MetricTotals>> three = new LinkedHashMap<>();
        three.put(metric.key() + ".count", all -> all.count(metric));
        three.put(metric.key() + ".sum", all -> all.sum(metric));
        three.put(metric.key() + ".max", all -> all.greatest(metric));
        yield three;
      }
    };
  }

  private static MBeanAttributeInfo attribute(String name, Metric metric) {
    String description =
        metric.kind().name().toLowerCase(Locale.ROOT)
            + " in "
            + metric.unit().name().toLowerCase(Locale.ROOT);
    return new MBeanAttributeInfo(name, "long", description, true, false, false);
  }

  @Override
  public Object getAttribute(String attribute) throws AttributeNotFoundException {
    ToLongFunction<MetricTotals> reader = readers.get(attribute);
    if (reader == null) {
      throw new AttributeNotFoundException(
          "there is no attribute '" + attribute + "'; there are " + readers.keySet());
    }
    return reader.applyAsLong(totals);
  }

  @Override
  public AttributeList getAttributes(String[] attributes) {
    // As the contract has it: those that are not there are left out.
    AttributeList found = new AttributeList();
    for (String attribute : attributes) {
      ToLongFunction<MetricTotals> reader = readers.get(attribute);
      if (reader != null) {
        found.add(new Attribute(attribute, reader.applyAsLong(totals)));
      }
    }
    return found;
  }

  @Override
  public void setAttribute(Attribute attribute) throws AttributeNotFoundException {
    throw new AttributeNotFoundException("'" + attribute.getName() + "' can only be read");
  }

  @Override
  public AttributeList setAttributes(AttributeList attributes) {
    return new AttributeList();
  }

  @Override
  public Object invoke(String operation, Object[] arguments, String[] signature)
      throws ReflectionException {
    throw new ReflectionException(new NoSuchMethodException(operation), "there are no operations");
  }

  @Override
  public MBeanInfo getMBeanInfo() {
    return info;
  }
}
