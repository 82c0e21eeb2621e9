package dev.quorate.scenario;

import java.io.IOException;
import java.util.List;

/** Two hosts in a network of the test's own, whose connection can be cut. */
interface TwoHosts extends AutoCloseable {
  /** What puts a command onto host 1 or 2; it becomes that command, so their ids are the same. */
  List<String> prefix(int host);

  /** What tells the demo on host 1 or 2 that it is there. */
  List<String> options(int host);

  /** The address of host 1 or 2. */
  String address(int host);

  /** Cuts the two off from each other. */
  void cut() throws IOException, InterruptedException;

  /** Connects them again. */
  void heal() throws IOException, InterruptedException;

  /** Removes them; the processes on them must have ended. */
  @Override
  void close() throws IOException;
}
