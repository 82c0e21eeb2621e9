package dev.quorate.chat.result;

import jakarta.json.bind.annotation.JsonbCreator;
import java.util.List;

/** A user's clients, those first that were added first. */
public record ClientsFound(int version, List<Long> clients) implements Result {

  @JsonbCreator
  public ClientsFound {
    clients = List.copyOf(clients);
  }

  /** In the current version. */
  public ClientsFound(List<Long> clients) {
    this(VERSION, clients);
  }
}
