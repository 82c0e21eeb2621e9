/** What a node measures, as meters of a Micrometer registry. */
package dev.quorate.raft.metrics.micrometer;
