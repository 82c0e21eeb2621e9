package dev.quorate.chat.json;

/** A text that is not the JSON it should be. The message names the key. */
public final class UnreadableJsonException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final Problem problem;

  /** What kind of trouble it is, for readers that answer differently. */
  public enum Problem {
    /** The text is no JSON, or has another shape than the record. */
    MALFORMED,
    /** The kind is none of the known ones. */
    UNKNOWN_KIND,
    /** The kind is known, but not in this version. */
    UNKNOWN_VERSION,
    /** The shape is right, but a value breaks a rule of the record. */
    INVALID
  }

  public UnreadableJsonException(Problem problem, String message) {
    super(message);
    this.problem = problem;
  }

  public Problem problem() {
    return problem;
  }
}
