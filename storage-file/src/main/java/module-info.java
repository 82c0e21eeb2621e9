/** Segmented write-ahead log and snapshots in plain files. */
module dev.quorate.raft.storage.file {
  requires dev.quorate.raft.api;
}
