package dev.quorate.raft.storage.file;

import dev.quorate.raft.api.storage.NoSpaceException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;

/**
 * Names that survive the loss of power. Forcing a file does not force its name: that is content of
 * the directory (Pillai et al., "All File Systems Are Not Created Equal", OSDI 2014).
 */
final class DurableNames {

  private static final System.Logger LOG = System.getLogger(DurableNames.class.getPackageName());

  private DurableNames() {}

  /** Makes the names in a directory durable. */
  static void force(Path directory) throws IOException {
    try (FileChannel channel = ChannelIo.open(directory, StandardOpenOption.READ)) {
      ChannelIo.force(channel, directory);
    }
  }

  /** Makes a directory below one that is durable. */
  static void createDirectory(Path parent, Path directory) throws IOException {
    try {
      Files.createDirectory(directory);
    } catch (IOException e) {
      throw new NoSpaceException("cannot make " + directory + ": " + e.getMessage(), e);
    }
    forceNew(parent, directory);
  }

  /**
   * Makes a host directory, and those above it that are missing. If their names cannot be forced
   * all are taken away again, for the same reason as in {@link #forceNew}.
   */
  static void createDirectories(Path directory) throws IOException {
    List<Path> missing = new ArrayList<>();
    Path at = directory.toAbsolutePath();
    while (at != null && !Files.isDirectory(at)) {
      missing.add(at);
      at = at.getParent();
    }
    Files.createDirectories(directory);
    try {
      forceAncestors(directory);
    } catch (IOException e) {
      try {
        for (Path made : missing) {
          Files.delete(made);
        }
      } catch (IOException again) {
        e.addSuppressed(again);
      }
      throw e;
    }
  }

  /**
   * Makes the name of a new host directory durable, and those above it: one that is there may have
   * been made by a process that was killed before it forced it. One that this user may not open was
   * most likely not made by this user; those above it may have been all the same.
   */
  static void forceAncestors(Path directory) throws IOException {
    for (Path at = directory.toAbsolutePath().getParent(); at != null; at = at.getParent()) {
      try {
        force(at);
      } catch (AccessDeniedException e) {
        LOG.log(System.Logger.Level.DEBUG, "cannot be opened, so its names are not forced", e);
      }
    }
  }

  /** Gives a file, whose content is forced, its final name, under which it counts. */
  static void publish(Path from, Path to, Path directory) throws IOException {
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    forceNew(directory, to);
  }

  /** Gives a file, whose content is forced, the name of one that counts already, in its place. */
  static void replace(Path from, Path to, Path directory) throws IOException {
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    force(directory);
  }

  /** Whether a name is there; an error of the disk is not taken for a no. */
  static boolean exists(Path file) throws IOException {
    try {
      Files.readAttributes(file, BasicFileAttributes.class);
      return true;
    } catch (NoSuchFileException e) {
      return false;
    } catch (AccessDeniedException e) {
      throw e;
    } catch (IOException e) {
      throw Damage.unreadable("cannot look at " + file, e);
    }
  }

  /** Deletes a file if it is there. */
  static void delete(Path file, Path directory) throws IOException {
    if (Files.deleteIfExists(file)) {
      force(directory);
    }
  }

  /** The names in a directory, in an order that is the same on every file system. */
  static List<String> list(Path directory) throws IOException {
    List<String> names = new ArrayList<>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory)) {
      stream.forEach(path -> names.add(Objects.toString(path.getFileName())));
    } catch (DirectoryIteratorException e) {
      throw Damage.unreadable("cannot list " + directory, e.getCause());
    } catch (NoSuchFileException | AccessDeniedException e) {
      throw e;
    } catch (IOException e) {
      throw Damage.unreadable("cannot list " + directory, e);
    }
    Collections.sort(names);
    return names;
  }

  /**
   * Forces a new name or takes it away. After a failed force the name is seen by all who look and
   * is perhaps not on the disk, and a second force may say yes without doing anything: the next
   * opening would build on a name that the next loss of power takes away.
   */
  private static void forceNew(Path directory, Path name) throws IOException {
    try {
      force(directory);
    } catch (IOException e) {
      try {
        Files.deleteIfExists(name);
      } catch (IOException again) {
        e.addSuppressed(again);
      }
      throw e;
    }
  }
}
