package dev.quorate.raft.api.config;

import dev.quorate.raft.api.RaftException;

/** A configuration that cannot be used. The message names the key and what would be accepted. */
public final class ConfigurationException extends RaftException {

  private static final long serialVersionUID = 1L;

  /**
   * A wrong configuration.
   *
   * @param message the key, what is wrong with it, and what would be accepted
   */
  public ConfigurationException(String message) {
    super(message);
  }

  /**
   * A wrong configuration with its cause.
   *
   * @param message the key, what is wrong with it, and what would be accepted
   * @param cause what it came from
   */
  public ConfigurationException(String message, Throwable cause) {
    super(message, cause);
  }
}
