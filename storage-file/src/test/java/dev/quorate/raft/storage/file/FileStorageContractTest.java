package dev.quorate.raft.storage.file;

import dev.quorate.raft.api.config.Settings;
import dev.quorate.raft.api.storage.StorageProvider;
import dev.quorate.raft.testkit.contract.StorageContract;

class FileStorageContractTest extends StorageContract {

  @Override
  protected StorageProvider provider() {
    return new FileStorageProvider();
  }

  @Override
  protected Settings settings() {
    return Settings.empty().with("raft.storage.file.segment-bytes", "4KiB");
  }
}
