package dev.quorate.raft.api;

import java.util.Objects;

/**
 * The stable name of a node. It is the node's identity in the replicated configuration, in votes
 * and on disk; an address is not, and may change.
 *
 * @param value 1 to 64 characters, each a letter, a digit, {@code '.'}, {@code '_'} or {@code '-'}
 */
public record NodeId(String value) implements Comparable<NodeId> {

  private static final int MAX_LENGTH = 64;

  /**
   * Checks the name.
   *
   * @throws IllegalArgumentException if the name is empty, too long or has another character
   */
  public NodeId {
    Objects.requireNonNull(value, "value");
    if (value.isEmpty() || value.length() > MAX_LENGTH || !isLegal(value)) {
      throw new IllegalArgumentException(
          "node id '"
              + value
              + "' must be 1 to 64 characters, each of them a letter a-z or A-Z, a digit, '.', '_'"
              + " or '-'");
    }
  }

  /**
   * Short form of the constructor.
   *
   * @param value the name
   * @return the id
   */
  public static NodeId of(String value) {
    return new NodeId(value);
  }

  private static boolean isLegal(String name) {
    for (int i = 0; i < name.length(); i++) {
      if (!legal(name.charAt(i))) {
        return false;
      }
    }
    return true;
  }

  private static boolean legal(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == '.'
        || c == '_'
        || c == '-';
  }

  @Override
  public int compareTo(NodeId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
