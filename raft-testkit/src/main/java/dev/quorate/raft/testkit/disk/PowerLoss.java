package dev.quorate.raft.testkit.disk;

/**
 * What a loss of power did to what was not forced.
 *
 * @param sectorsKept unforced sectors that had reached the disk
 * @param sectorsLost unforced sectors that had not
 * @param filesTorn files of which some unforced sectors were kept and some lost
 * @param lengthsKept unforced changes of a file's length that had reached the disk
 * @param lengthsLost unforced changes of a file's length that had not, at least in part
 * @param namesKept unforced creations, renames and deletions that had reached the disk
 * @param namesLost unforced creations, renames and deletions that had not
 */
public record PowerLoss(
    long sectorsKept,
    long sectorsLost,
    long filesTorn,
    long lengthsKept,
    long lengthsLost,
    long namesKept,
    long namesLost) {

  /** Nothing was unforced. */
  public static final PowerLoss NONE = new PowerLoss(0, 0, 0, 0, 0, 0, 0);

  /**
   * The sum of two.
   *
   * @param other another loss
   * @return both together
   */
  public PowerLoss plus(PowerLoss other) {
    return new PowerLoss(
        sectorsKept + other.sectorsKept,
        sectorsLost + other.sectorsLost,
        filesTorn + other.filesTorn,
        lengthsKept + other.lengthsKept,
        lengthsLost + other.lengthsLost,
        namesKept + other.namesKept,
        namesLost + other.namesLost);
  }
}
