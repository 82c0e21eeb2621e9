package dev.quorate.chat.query;

import jakarta.json.bind.annotation.JsonbCreator;

/** Whether {@link dev.quorate.chat.command.SettleLeadership} was applied. */
public record LeadershipSettled(int version) implements Query {

  @JsonbCreator
  public LeadershipSettled {}

  /** In the current version. */
  public LeadershipSettled() {
    this(VERSION);
  }
}
