package dev.quorate.raft.engine.codec;

/** Bytes that are not an encoded value. Checked, because whoever decodes must say what follows. */
public final class DecodeException extends Exception {

  private static final long serialVersionUID = 1L;

  /** Says what is wrong with the bytes. */
  public DecodeException(String message) {
    super(message);
  }

  /** Says what is wrong with the bytes, and what told so. */
  public DecodeException(String message, Throwable cause) {
    super(message, cause);
  }
}
