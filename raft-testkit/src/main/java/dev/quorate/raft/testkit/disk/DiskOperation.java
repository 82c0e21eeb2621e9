package dev.quorate.raft.testkit.disk;

import java.util.Locale;

/**
 * A call that reached a {@link SimulatedDisk}, as a {@link FaultPlan} sees it before it is done.
 *
 * @param kind what is to be done
 * @param path the absolute path of the file or directory under its present name
 * @param target the new path if this is a rename, else empty
 * @param offset of a read or write, in bytes; for a truncation the new length; else 0
 * @param length of a read or write, in bytes; else 0
 */
public record DiskOperation(Kind kind, String path, String target, long offset, int length) {

  /** What can be asked of a disk. */
  public enum Kind {
    /** A file or directory is opened; a creation that comes with it is an operation of its own. */
    OPEN,
    /** A file or directory is made. */
    CREATE,
    /** Bytes are read. */
    READ,
    /** Bytes are written. */
    WRITE,
    /** A file is cut to a length. */
    TRUNCATE,
    /** What was written to a file, or the names in a directory, are to become durable. */
    FORCE,
    /** A name is changed within its directory. */
    RENAME,
    /** A name is removed. */
    DELETE,
    /** The names in a directory are read. */
    LIST,
    /** It is asked whether something is there, what it is and how long it is. */
    ATTRIBUTES,
    /** It is asked how much room there is. */
    SPACE,
    /** A file is locked. */
    LOCK;

    private final String word = name().toLowerCase(Locale.ROOT);
  }

  static DiskOperation of(Kind kind, String path) {
    return new DiskOperation(kind, path, "", 0, 0);
  }

  /**
   * Whether this changes the disk or forces it: only such operations are numbered (see {@link
   * SimulatedDisk#operations}).
   *
   * @return whether it is numbered
   */
  public boolean changes() {
    return switch (kind) {
      case CREATE, WRITE, TRUNCATE, FORCE, RENAME, DELETE -> true;
      case OPEN, READ, LIST, ATTRIBUTES, SPACE, LOCK -> false;
    };
  }

  /**
   * A short form such as {@code write /d/log 512+100}, {@code rename /d/new /d/log} or {@code force
   * /d}.
   *
   * @return the short form
   */
  @Override
  public String toString() {
    return switch (kind) {
      case READ, WRITE -> kind.word + " " + path + " " + offset + "+" + length;
      case TRUNCATE -> kind.word + " " + path + " " + offset;
      case RENAME -> kind.word + " " + path + " " + target;
      default -> kind.word + " " + path;
    };
  }
}
