package dev.quorate.chat.query;

/** Whether {@link dev.quorate.chat.command.SettleLeadership} was applied. */
public record LeadershipSettled(int version) implements Query {

  /** In the current version. */
  public LeadershipSettled() {
    this(VERSION);
  }
}
