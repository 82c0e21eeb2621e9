package dev.quorate.raft.engine.message;

/**
 * What a group may write into its log and its snapshots (rule P18). Each member declares the
 * highest level that its version supports, and the group's level rises when all declarations allow
 * it, never back. Whatever a later version adds to replicated formats, or changes in how entries
 * are applied, it uses from the level on that it raises here:
 *
 * <ol>
 *   <li>Everything up to now.
 * </ol>
 */
public final class FeatureLevel {

  /** The level of every group at its beginning, and of whoever has declared nothing. */
  public static final int FIRST = 1;

  /** The highest level that this version supports. */
  public static final int SUPPORTED = 1;

  /** The highest there can be. */
  public static final int MAX = 65_535;

  private FeatureLevel() {}
}
