/** What a node measures, as an MBean of its process. */
package dev.quorate.raft.metrics.jmx;
