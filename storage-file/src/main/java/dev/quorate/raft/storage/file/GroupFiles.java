package dev.quorate.raft.storage.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * Which files a group has, and their names.
 *
 * @param host the storage's directory
 * @param group the group's id
 */
record GroupFiles(Path host, String group) {

  /** Ends the names of files that are being filled; they are deleted at the next opening. */
  static final String UNFINISHED = ".new";

  /** Marks a group that is removed; nothing else in its directory counts then. */
  static final String REMOVED = "removed";

  /** Also keeps the ids {@code .} and {@code ..} from meaning another directory. */
  private static final String PREFIX = "group-";

  private static final Pattern GROUP = Pattern.compile("[A-Za-z0-9._-]{1,64}");
  private static final Pattern SEGMENT = Pattern.compile("[0-9]{10}\\.wal");
  private static final int DIGITS = 10;

  GroupFiles {
    if (!GROUP.matcher(group).matches()) {
      throw new IllegalArgumentException(
          "group '" + group + "' must be 1 to 64 letters, digits, '.', '_' or '-'");
    }
  }

  /** The ids of the groups that are there, sorted. */
  static List<String> groups(Path host) throws IOException {
    List<String> found = new ArrayList<>();
    for (String group : directories(host)) {
      if (!DurableNames.exists(new GroupFiles(host, group).removed())) {
        found.add(group);
      }
    }
    return found;
  }

  /** The ids of the groups that have a directory, also if they are removed, sorted. */
  static List<String> directories(Path host) throws IOException {
    List<String> found = new ArrayList<>();
    for (String name : DurableNames.list(host)) {
      String id = isGroup(name) ? name.substring(PREFIX.length()) : "";
      if (GROUP.matcher(id).matches()) {
        found.add(id);
      }
    }
    return found;
  }

  /** Whether a name in a storage's directory is that of a group. */
  static boolean isGroup(String name) {
    return name.startsWith(PREFIX);
  }

  Path directory() {
    return host.resolve(PREFIX + group);
  }

  Path segment(int sequence) {
    String digits = Integer.toString(sequence);
    return directory().resolve("0".repeat(DIGITS - digits.length()) + digits + ".wal");
  }

  Path spare() {
    return directory().resolve("spare");
  }

  Path unfinished() {
    return directory().resolve("segment" + UNFINISHED);
  }

  Path watermark() {
    return directory().resolve("watermark");
  }

  Path removed() {
    return directory().resolve(REMOVED);
  }

  Path snapshots() {
    return directory().resolve("snapshots");
  }

  /** The numbers of the segments that are there, rising. */
  List<Integer> segments() throws IOException {
    List<Integer> found = new ArrayList<>();
    for (String name : DurableNames.list(directory())) {
      if (SEGMENT.matcher(name).matches()) {
        found.add(Integer.valueOf(name.substring(0, DIGITS)));
      }
    }
    return found;
  }

  /**
   * Makes the directory if it is absent and removes what a process that died left half done. A
   * directory in which no log was begun is made anew: its maker may have been killed before it
   * forced the name, and if a force of its successor failed, a further one would say yes and leave
   * the name in the cache only, with a whole log below it.
   */
  void prepare() throws IOException {
    if (DurableNames.exists(directory())) {
      deleteUnbegun();
    }
    if (!DurableNames.exists(directory())) {
      DurableNames.createDirectory(host, directory());
    }
    // A process that was killed may have left names, here or this directory's own, in the cache
    // only.
    DurableNames.force(host);
    DurableNames.force(directory());
    DurableNames.delete(unfinished(), directory());
  }

  private void deleteUnbegun() throws IOException {
    List<String> names = DurableNames.list(directory());
    names.remove(fileName(spare()));
    names.remove(fileName(unfinished()));
    if (names.isEmpty()) {
      Files.deleteIfExists(spare());
      Files.deleteIfExists(unfinished());
      Files.delete(directory());
    }
  }

  private static String fileName(Path path) {
    return Objects.toString(path.getFileName());
  }
}
