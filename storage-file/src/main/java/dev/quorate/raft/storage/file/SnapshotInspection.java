package dev.quorate.raft.storage.file;

import dev.quorate.raft.api.storage.SnapshotSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The file of a snapshot, looked at and not changed. */
public final class SnapshotInspection {

  private final Path file;
  private final GroupFiles files;
  private final long incarnation;

  SnapshotInspection(Path file, GroupFiles files, long incarnation) {
    this.file = file;
    this.files = files;
    this.incarnation = incarnation;
  }

  /**
   * The file.
   *
   * @return its path
   */
  public Path file() {
    return file;
  }

  /**
   * Opens the snapshot, whose beginning, end, length and name must be right.
   *
   * @return the snapshot, to be closed; a part of it is verified when it is read
   * @throws dev.quorate.raft.api.storage.CorruptionException if it is damaged
   * @throws IOException if it cannot be read, or a newer version wrote it
   */
  public SnapshotSource open() throws IOException {
    return FileSnapshotStore.open(file, files, incarnation);
  }

  /**
   * Reads all of it, and compares the hash in its id with its content.
   *
   * @throws dev.quorate.raft.api.storage.CorruptionException if it is damaged
   * @throws IOException if it cannot be read, or a newer version wrote it
   */
  public void verify() throws IOException {
    try (SnapshotSource source = open()) {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      ByteBuffer piece = ByteBuffer.allocate(SnapshotHeader.CHUNK_BYTES);
      long at = 0;
      while (at < source.id().length()) {
        at += source.read(at, piece.clear());
        digest.update(piece.flip());
      }
      if (ByteBuffer.wrap(digest.digest()).getLong() != source.id().hash()) {
        throw Damage.inSnapshot(file, 0, "its content is not what its hash was made of");
      }
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
