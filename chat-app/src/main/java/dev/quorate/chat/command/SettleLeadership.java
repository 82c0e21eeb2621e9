package dev.quorate.chat.command;

import jakarta.json.bind.annotation.JsonbCreator;

/**
 * Marks that the fresh cluster's leadership is settled: its initial leader leads, or could not.
 * From then on leadership goes where elections take it. A repetition changes nothing.
 *
 * @param version {@link Command#VERSION}
 */
public record SettleLeadership(int version) implements Command {

  @JsonbCreator
  public SettleLeadership {}

  /** In the current version. */
  public SettleLeadership() {
    this(VERSION);
  }
}
