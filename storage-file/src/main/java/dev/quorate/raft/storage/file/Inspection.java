package dev.quorate.raft.storage.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A data directory that is looked at and not changed by a byte. It is locked meanwhile, so that no
 * node works in it. What reads it is what a start reads it with; nothing is repaired, cut or made
 * durable. For one thread.
 */
public final class Inspection implements AutoCloseable {

  private final Path directory;
  private final Optional<DirectoryLock> lock;

  private Inspection(Path directory, Optional<DirectoryLock> lock) {
    this.directory = directory;
    this.lock = lock;
  }

  /**
   * Locks a directory for reading.
   *
   * @param directory a node's data directory, or a copy of one
   * @return what is there
   * @throws IOException if it is no directory, or a node uses it
   */
  public static Inspection open(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      throw new NotDirectoryException(directory + " is no directory");
    }
    return new Inspection(directory, DirectoryLock.acquireToRead(directory));
  }

  /**
   * The directory.
   *
   * @return as it was given
   */
  public Path directory() {
    return directory;
  }

  /**
   * Whose directory it is.
   *
   * @return what its file says
   * @throws java.nio.file.NoSuchFileException if there is none, so that this is no data directory,
   *     or a damaged one
   * @throws dev.quorate.raft.api.storage.CorruptionException if it is damaged
   * @throws IOException if it cannot be read, or a newer version wrote it
   */
  public Identity identity() throws IOException {
    return Identity.read(directory);
  }

  /**
   * The groups that have files here.
   *
   * @return their ids, sorted
   * @throws IOException if the directory cannot be read
   */
  public List<String> groups() throws IOException {
    return GroupFiles.groups(directory);
  }

  /**
   * One group's files.
   *
   * @param group its id
   * @return what is there
   * @throws IllegalArgumentException if the id is not a legal one
   * @throws IOException if the identity cannot be read, without which no checksum can be checked
   */
  public GroupInspection group(String group) throws IOException {
    return new GroupInspection(new GroupFiles(directory, group), identity().incarnation());
  }

  /** Gives the directory free. */
  @Override
  public void close() throws IOException {
    if (lock.isPresent()) {
      lock.get().close();
    }
  }
}
