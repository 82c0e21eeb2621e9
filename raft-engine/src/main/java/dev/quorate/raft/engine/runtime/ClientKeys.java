package dev.quorate.raft.engine.runtime;

import dev.quorate.raft.api.config.Settings;
import java.util.List;

/**
 * A node's keys about clients outside the cluster, read once and checked.
 *
 * @param max how many may be connected
 * @param perClient what each of them may have under way
 */
public record ClientKeys(int max, Window perClient) {

  static final String MAX = "raft.clients.max";
  static final String MAX_CALLS = "raft.clients.max-calls";
  static final String MAX_BYTES = "raft.clients.max-bytes";

  static final List<String> KNOWN = List.of(MAX, MAX_CALLS, MAX_BYTES);

  private static final int KIB = 1_024;
  private static final int MIB = 1_024 * KIB;

  /**
   * What one client may have under way; one call at a time always.
   *
   * @param calls how many calls
   * @param bytes how many bytes of commands and queries
   */
  public record Window(int calls, int bytes) {}

  /** Reads and checks the keys. */
  static ClientKeys of(Settings settings) {
    return new ClientKeys(
        (int) settings.number(MAX, 1_000, 0, 1_000_000),
        new Window(
            (int) settings.number(MAX_CALLS, 512, 1, 1_000_000),
            (int) settings.bytes(MAX_BYTES, 4 * MIB, KIB, 1_024 * MIB)));
  }
}
