/** Segmented write-ahead log in plain files; found by its provider, so nothing is exported. */
module dev.quorate.raft.storage.file {
  requires dev.quorate.raft.api;

  provides dev.quorate.raft.api.storage.StorageProvider with
      dev.quorate.raft.storage.file.FileStorageProvider;
}
