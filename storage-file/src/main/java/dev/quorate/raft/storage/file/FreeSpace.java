package dev.quorate.raft.storage.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Asks for room before trying to take it, because filling a disk to its last byte harms all that
 * live on it.
 */
final class FreeSpace {

  private static final System.Logger LOG = System.getLogger(FreeSpace.class.getPackageName());

  private FreeSpace() {}

  /**
   * Refuses if there is not that much room. Where the question cannot be answered, as in some
   * changed roots, writing decides.
   */
  static void require(Path directory, long bytes) throws IOException {
    long free;
    try {
      free = Files.getFileStore(directory).getUsableSpace();
    } catch (IOException e) {
      LOG.log(System.Logger.Level.DEBUG, "how much room there is cannot be asked", e);
      return;
    }
    if (free >= 0 && free < bytes) {
      throw new IOException("only " + free + " bytes are free");
    }
  }
}
