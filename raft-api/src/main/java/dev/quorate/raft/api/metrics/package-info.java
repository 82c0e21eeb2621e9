/**
 * What a node measures of itself, and who is told: {@link dev.quorate.raft.api.metrics.RaftMetrics}
 * takes the values of every {@link dev.quorate.raft.api.metrics.Metric}, one number at a time, so
 * that any library of metrics can be bound to it in a few lines. {@link
 * dev.quorate.raft.api.metrics.MetricTotals} is the binding to none.
 */
package dev.quorate.raft.api.metrics;
