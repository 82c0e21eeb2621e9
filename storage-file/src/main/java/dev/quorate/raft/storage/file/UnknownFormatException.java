package dev.quorate.raft.storage.file;

/** Bytes with a valid checksum that only a newer version of this program can have written. */
final class UnknownFormatException extends IllegalArgumentException {

  private static final long serialVersionUID = 1L;

  UnknownFormatException(String message) {
    super(message);
  }
}
