package dev.quorate.raft.storage.file;

import dev.quorate.raft.api.storage.CorruptionException;
import dev.quorate.raft.api.storage.UnreadableException;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;

/** What is said about damage: where it is, what it is, and what to do. */
final class Damage {

  private Damage() {}

  static CorruptionException at(Path file, long offset, String what) {
    return new CorruptionException(message(file, offset, what));
  }

  static CorruptionException at(Path file, long offset, String what, Throwable cause) {
    return new CorruptionException(message(file, offset, what), cause);
  }

  /** In a snapshot, which is no reason to refuse as long as there is another. */
  static CorruptionException inSnapshot(Path file, long offset, String what) {
    return new CorruptionException(
        file
            + ", offset "
            + offset
            + ": "
            + what
            + ". This snapshot is of no use any more; check the disk. An older one, or another"
            + " node's, may take its place. If the node does not serve for lack of one, wipe its"
            + " whole data directory and let it rejoin as a new member, one node at a time.");
  }

  /**
   * No damage as far as anybody knows: the system does not let it be seen.
   *
   * @param what what cannot be done, and with which file
   */
  static UnreadableException unreadable(String what, IOException e) {
    return new UnreadableException(what + ": " + said(e), e);
  }

  /** What the system says, without the name of a file. */
  static String said(IOException e) {
    return e instanceof FileSystemException named && named.getReason() != null
        ? named.getReason()
        : e.getMessage();
  }

  /** Something whole that this program does not know: no damage, and nothing is to be wiped. */
  static IOException newer(Path file, long offset, UnknownFormatException what) {
    return new IOException(
        file
            + ", offset "
            + offset
            + ": "
            + what.getMessage()
            + ". A newer version of this program wrote it: start that one, or a newer one",
        what);
  }

  /** A whole file of another version; no damage either. */
  static IOException newer(Path file, short version, short known) {
    return new IOException(
        file
            + " has format "
            + version
            + ", and this program knows only "
            + known
            + ": start the version that wrote it, or a newer one");
  }

  private static String message(Path file, long offset, String what) {
    return file
        + ", offset "
        + offset
        + ": "
        + what
        + ". A torn last write does not explain this, so the node does not serve: what is damaged may be"
        + " committed. Do not delete single files; check the disk, wipe this node's whole data directory"
        + " and let the node rejoin as a new member, one node at a time.";
  }
}
