/** Disks in memory: a log's content and snapshots, as the contract of storages says. */
package dev.quorate.raft.engine.disk;
