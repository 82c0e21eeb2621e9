package dev.quorate.raft.storage.file;

/**
 * A log cannot be read from a segment on, because it is truncated to before that segment's base:
 * such a segment is left only where deletions were under way. See {@link Beginnings}.
 */
final class NoBeginningException extends RuntimeException {

  private static final long serialVersionUID = 1L;
}
