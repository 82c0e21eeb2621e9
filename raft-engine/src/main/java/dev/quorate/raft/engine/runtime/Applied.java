package dev.quorate.raft.engine.runtime;

import dev.quorate.raft.engine.message.ClusterSettings;

/**
 * What a group's state has come to.
 *
 * @param index up to which entries are applied
 * @param settings the settings that all members share, as of that entry
 */
record Applied(long index, ClusterSettings settings) {}
