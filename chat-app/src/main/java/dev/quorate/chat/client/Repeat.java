package dev.quorate.chat.client;

/** Whether a call may be made again when its end is not known. */
enum Repeat {
  /** It changes nothing, or the same thing again: a read, a log-in, a send with its sequence. */
  HARMLESS,
  /** It may have done something that a repetition would do again or take for a failure. */
  HARMFUL
}
