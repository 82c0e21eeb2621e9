package dev.quorate.raft.tools.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;

/** A whole copy of a directory, under its name only when it is complete and on the disk. */
public final class DirectoryCopy {

  private DirectoryCopy() {}

  /**
   * Copies a directory.
   *
   * @param from a directory that nobody writes to
   * @param to where to; nothing is there yet
   */
  public static void make(Path from, Path to) throws IOException {
    Path unfinished = Unfinished.begin(to);
    List<Path> all;
    try (Stream<Path> walk = Files.walk(from)) {
      all = walk.sorted().toList();
    }
    for (Path path : all) {
      Path target = unfinished.resolve(from.relativize(path).toString());
      Files.copy(path, target, StandardCopyOption.COPY_ATTRIBUTES);
      if (Files.isRegularFile(target)) {
        Unfinished.force(target, StandardOpenOption.WRITE);
      }
    }
    for (Path path : all) {
      if (Files.isDirectory(path)) {
        Path target = unfinished.resolve(from.relativize(path).toString());
        Unfinished.force(target, StandardOpenOption.READ);
      }
    }
    Unfinished.end(unfinished, to);
  }
}
