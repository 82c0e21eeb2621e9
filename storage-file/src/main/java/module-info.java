/**
 * Segmented write-ahead log in plain files; found by its provider. Only the project's own tools may
 * look into the files of a node that does not run.
 */
@SuppressWarnings("module") // The tools are built after this module.
module dev.quorate.raft.storage.file {
  requires dev.quorate.raft.api;

  exports dev.quorate.raft.storage.file to
      dev.quorate.raft.tools;

  provides dev.quorate.raft.api.storage.StorageProvider with
      dev.quorate.raft.storage.file.FileStorageProvider;
}
