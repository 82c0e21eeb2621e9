package dev.quorate.raft.storage.file;

import dev.quorate.raft.api.storage.NoSpaceException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * The end of a group on this disk. A mark in its directory, which stays for ever, says that it is
 * removed; when that is durable, everything else there is deleted. So a directory without the mark
 * is whole, and one with it is never opened again.
 */
final class GroupRemoval {

  private static final System.Logger LOG = System.getLogger(GroupRemoval.class.getPackageName());

  private GroupRemoval() {}

  /** Whether the group is removed, though some of it may be left. */
  static boolean isMarked(GroupFiles files) throws IOException {
    return DurableNames.exists(files.removed());
  }

  /**
   * Removes a group.
   *
   * @return whether anything of it was there
   */
  static boolean run(GroupFiles files) throws IOException {
    if (!DurableNames.exists(files.directory()) || isDone(files)) {
      return false;
    }
    mark(files);
    clear(files.directory(), files.removed());
    DurableNames.force(files.directory());
    return true;
  }

  private static boolean isDone(GroupFiles files) throws IOException {
    return DurableNames.list(files.directory()).equals(List.of(GroupFiles.REMOVED));
  }

  /**
   * Makes the mark durable. One that is there is replaced: it may be in the cache only, its maker's
   * force having failed, and a further one would then say yes without doing anything. It is not
   * taken away for that, because some of the group may be deleted already.
   */
  private static void mark(GroupFiles files) throws IOException {
    Path fresh = files.directory().resolve(GroupFiles.REMOVED + GroupFiles.UNFINISHED);
    try (FileChannel out =
        FileChannel.open(fresh, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      out.force(true);
    } catch (IOException e) {
      throw new NoSpaceException("cannot make " + fresh + ": " + e.getMessage(), e);
    }
    Files.move(fresh, files.removed(), StandardCopyOption.ATOMIC_MOVE);
    DurableNames.force(files.directory());
  }

  private static void clear(Path directory, Path spared) throws IOException {
    for (String name : DurableNames.list(directory)) {
      Path file = directory.resolve(name);
      if (!file.equals(spared)) {
        if (Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
          clear(file, spared);
        }
        Files.delete(file);
      }
    }
  }

  /**
   * Goes on where a process was killed. What cannot be looked at or deleted now keeps nobody from
   * opening the other groups.
   */
  static void finish(Path host) throws IOException {
    for (String group : GroupFiles.directories(host)) {
      GroupFiles files = new GroupFiles(host, group);
      try {
        if (isMarked(files)) {
          run(files);
        }
      } catch (IOException e) {
        LOG.log(
            System.Logger.Level.WARNING,
            "group "
                + group
                + " could not be looked at, or is removed and could not be deleted yet",
            e);
      }
    }
  }
}
