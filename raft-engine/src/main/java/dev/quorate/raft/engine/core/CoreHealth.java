package dev.quorate.raft.engine.core;

import java.util.Optional;

/**
 * What the core finds wrong with itself and its group.
 *
 * @param hasSpace whether the storage has room for commands
 * @param diskStalls whether a write has waited longer than the longest election timeout
 * @param whyNoLeader why no leader is known, for people; empty if one is
 */
public record CoreHealth(boolean hasSpace, boolean diskStalls, Optional<String> whyNoLeader) {}
