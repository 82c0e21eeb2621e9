package dev.quorate.chat.result;

import jakarta.json.bind.annotation.JsonbCreator;
import java.util.List;

/** A page of names, and how many match on all pages. */
public record AccountPage(int version, List<String> names, long total) implements Result {

  @JsonbCreator
  public AccountPage {
    names = List.copyOf(names);
  }

  /** In the current version. */
  public AccountPage(List<String> names, long total) {
    this(VERSION, names, total);
  }
}
