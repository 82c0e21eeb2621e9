package dev.quorate.raft.tools.recover;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;

/** A whole copy of a directory, under its name only when it is complete and on the disk. */
final class Backup {

  private Backup() {}

  /**
   * Copies a directory.
   *
   * @param from a directory that nobody writes to
   * @param to where to; nothing is there yet
   */
  static void copy(Path from, Path to) throws IOException {
    if (Files.exists(to)) {
      throw new FileAlreadyExistsException(
          to + " is there already: it may be the backup of an earlier try, and is not replaced");
    }
    Path unfinished = to.resolveSibling(to.getFileName() + ".unfinished");
    if (Files.exists(unfinished)) {
      throw new FileAlreadyExistsException(
          unfinished + " is there: an earlier copy did not end. Delete it and try again");
    }
    List<Path> all;
    try (Stream<Path> walk = Files.walk(from)) {
      all = walk.sorted().toList();
    }
    for (Path path : all) {
      Path target = unfinished.resolve(from.relativize(path).toString());
      Files.copy(path, target, StandardCopyOption.COPY_ATTRIBUTES);
      if (Files.isRegularFile(target)) {
        force(target, StandardOpenOption.WRITE);
      }
    }
    for (Path path : all) {
      if (Files.isDirectory(path)) {
        force(unfinished.resolve(from.relativize(path).toString()), StandardOpenOption.READ);
      }
    }
    Files.move(unfinished, to, StandardCopyOption.ATOMIC_MOVE);
    force(to.toAbsolutePath().getParent(), StandardOpenOption.READ);
  }

  private static void force(Path path, StandardOpenOption mode) throws IOException {
    try (FileChannel channel = FileChannel.open(path, mode)) {
      channel.force(true);
    }
  }
}
