package dev.quorate.arch;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A process whose lines are read with a deadline. Closing it kills it. */
final class Child implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Process process;
  private final Path errors;
  private final BufferedWriter input;
  private final BlockingQueue<Optional<String>> lines = new LinkedBlockingQueue<>();

  private Child(Process process, Path errors) {
    this.process = process;
    this.errors = errors;
    this.input =
        new BufferedWriter(
            new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8));
  }

  /** Starts a command in a directory, where its errors are written to a file. */
  static Child start(Path directory, List<String> command) throws IOException {
    Path errors = Files.createTempFile(directory, "errors", ".txt");
    Process process =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectError(errors.toFile())
            .start();
    Child child = new Child(process, errors);
    Thread reader = new Thread(child::readLines, "child-" + process.pid());
    reader.setDaemon(true);
    reader.start();
    return child;
  }

  /** Runs a command to its end, which must be a good one, and returns what it said. */
  static List<String> run(Path directory, List<String> command)
      throws IOException, InterruptedException {
    try (Child child = start(directory, command)) {
      List<String> said = new ArrayList<>();
      for (Optional<String> line = child.take(); line.isPresent(); line = child.take()) {
        said.add(line.get());
      }
      int code = child.exitCode();
      if (code != 0) {
        throw new AssertionError(command + " ended with " + code + ": " + said + child.errors());
      }
      return said;
    }
  }

  private void readLines() {
    try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        lines.add(Optional.of(line));
      }
    } catch (IOException e) {
      lines.add(Optional.of("cannot be read any more: " + e));
    } finally {
      lines.add(Optional.empty());
    }
  }

  void say(String line) throws IOException {
    input.write(line);
    input.newLine();
    input.flush();
  }

  /** The next line of its output. */
  String answer() throws InterruptedException {
    return take().orElseThrow(() -> new AssertionError("ended without an answer" + errors()));
  }

  /** Ends its input, after which it should end, and returns its exit code. */
  int end() throws IOException, InterruptedException {
    input.close();
    return exitCode();
  }

  private int exitCode() throws InterruptedException {
    if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
      throw new AssertionError("did not end" + errors());
    }
    return process.exitValue();
  }

  private Optional<String> take() throws InterruptedException {
    Optional<String> line = lines.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    if (line == null) {
      throw new AssertionError("said nothing" + errors());
    }
    return line;
  }

  String errors() {
    return "; its errors:\n" + Project.text(errors);
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
