package dev.quorate.simulation;

/** Prints the hash of everything that happened, for each seed from one number to another. */
public final class TraceHashes {

  private TraceHashes() {}

  /** Runs the seeds {@code args[0]} to {@code args[1]}. */
  public static void main(String[] args) {
    System.out.print(of(Long.parseLong(args[0]), Long.parseLong(args[1])));
  }

  static String of(long from, long to) {
    StringBuilder hashes = new StringBuilder();
    for (long seed = from; seed <= to; seed++) {
      hashes.append(seed).append(' ');
      hashes.append(Long.toHexString(Campaign.run(seed).traceHash())).append('\n');
    }
    return hashes.toString();
  }
}
