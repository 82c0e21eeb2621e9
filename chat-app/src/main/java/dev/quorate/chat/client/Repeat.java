package dev.quorate.chat.client;

/** Whether a call may be made again when its end is not known, and what to say if it never is. */
enum Repeat {
  /** It changes nothing: without an answer it was not answered, and that is all. */
  READ,
  /**
   * It changes the same thing once, however often it is made: a log-in, a send with its sequence.
   */
  HARMLESS,
  /** It may have done something that a repetition would do again or take for a failure. */
  HARMFUL
}
