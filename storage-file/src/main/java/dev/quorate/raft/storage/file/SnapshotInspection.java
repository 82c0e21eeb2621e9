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
  private final Opening opening;

  private SnapshotInspection(Path file, Opening opening) {
    this.file = file;
    this.opening = opening;
  }

  private interface Opening {
    FileSnapshotSource open() throws IOException;
  }

  /** One that lies in its directory. */
  static SnapshotInspection in(GroupFiles files, Path file, long incarnation) {
    return new SnapshotInspection(file, () -> FileSnapshotStore.open(file, files, incarnation));
  }

  /**
   * One that was copied out of its directory.
   *
   * @param file the copy, under any name
   * @return what is there
   */
  public static SnapshotInspection ofCopy(Path file) {
    return new SnapshotInspection(file, () -> FileSnapshotSource.open(file));
  }

  /**
   * The group that it is of.
   *
   * @return its id
   * @throws IOException as {@link #open} does
   */
  public String group() throws IOException {
    try (FileSnapshotSource source = opening.open()) {
      return source.group();
    }
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
   * Opens the snapshot, whose beginning, end and length must be right, and its name where it has
   * one.
   *
   * @return the snapshot, to be closed; a part of it is verified when it is read
   * @throws dev.quorate.raft.api.storage.CorruptionException if it is damaged
   * @throws IOException if it cannot be read, or a newer version wrote it
   */
  public SnapshotSource open() throws IOException {
    return opening.open();
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
