package dev.quorate.raft.testkit.contract;

import dev.quorate.raft.api.storage.StorageProvider;
import java.nio.file.Path;

/** The contract is not written for files: a storage without any passes. */
class MemoryStorageContractTest extends StorageContract {

  @Override
  protected StorageProvider provider() {
    return new MemoryStorageProvider();
  }

  @Override
  protected void killedImage(Path directory, Path image) {
    MemoryStorageProvider.copy(directory, image);
  }
}
