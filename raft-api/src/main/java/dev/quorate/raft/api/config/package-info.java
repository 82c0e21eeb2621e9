/**
 * Flat keys and their values: how nodes, transports and storages are configured, and how they say
 * what is wrong with a key. See {@link dev.quorate.raft.api.config.Settings}.
 */
package dev.quorate.raft.api.config;
