package dev.quorate.raft.engine.message;

import java.util.HexFormat;

/**
 * A cluster's random identity, drawn at its bootstrap. The name that the user gave may be used
 * twice; this number is not.
 *
 * @param high the upper 64 bits
 * @param low the lower 64 bits
 */
public record ClusterId(long high, long low) {

  /** What a node without a cluster says. */
  public static final ClusterId NONE = new ClusterId(0, 0);

  private static final HexFormat HEX = HexFormat.of();

  /** 32 hexadecimal digits, or nothing for {@link #NONE}. */
  @Override
  public String toString() {
    return equals(NONE) ? "" : HEX.toHexDigits(high) + HEX.toHexDigits(low);
  }
}
