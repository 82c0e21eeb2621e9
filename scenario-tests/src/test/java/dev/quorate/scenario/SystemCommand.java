package dev.quorate.scenario;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Commands of the system that a test needs for its surroundings. */
final class SystemCommand {
  private SystemCommand() {}

  /** Runs one to its end; the failure carries what it said. */
  static void run(String... command) throws IOException, InterruptedException {
    Optional<String> failure = failureOf(command);
    if (failure.isPresent()) {
      throw new IOException(failure.get());
    }
  }

  /** Runs one to its end and gives what it said if it failed. */
  static Optional<String> failureOf(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return process.waitFor() == 0
        ? Optional.empty()
        : Optional.of(String.join(" ", command) + ": " + output.strip());
  }

  /** Why a command cannot be used here; empty if it can. */
  static Optional<String> missing(String... harmless) throws InterruptedException {
    try {
      return failureOf(harmless);
    } catch (IOException e) {
      return Optional.of("the command '" + harmless[0] + "' is missing");
    }
  }
}
