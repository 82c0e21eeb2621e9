package dev.quorate.raft.tools.files;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** The name that something has until it is whole. */
public final class Unfinished {

  private Unfinished() {}

  /**
   * The name to make something under; nothing has it, nor the final one.
   *
   * @throws FileAlreadyExistsException if something has: it is not replaced
   */
  public static Path begin(Path target) throws IOException {
    if (Files.exists(target)) {
      throw new FileAlreadyExistsException(
          target
              + " is there already, perhaps of an earlier try, and is not replaced: name another place");
    }
    Path unfinished = target.resolveSibling(target.getFileName() + ".unfinished");
    if (Files.exists(unfinished)) {
      throw new FileAlreadyExistsException(
          unfinished + " is there: an earlier try did not end. Delete it and try again");
    }
    return unfinished;
  }

  /** Gives what is whole and forced its name, durably. */
  public static void end(Path unfinished, Path target) throws IOException {
    Files.move(unfinished, target, StandardCopyOption.ATOMIC_MOVE);
    force(target.toAbsolutePath().resolveSibling(""), StandardOpenOption.READ);
  }

  /** Forces a file, or the names in a directory. */
  public static void force(Path path, OpenOption mode) throws IOException {
    try (FileChannel channel = FileChannel.open(path, mode)) {
      channel.force(true);
    }
  }
}
