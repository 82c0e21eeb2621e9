package dev.quorate.chat.cluster;

/** A cluster file that cannot be used. The message names the file and what is wrong with it. */
public final class ClusterFileException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public ClusterFileException(String message, Throwable cause) {
    super(message, cause);
  }
}
