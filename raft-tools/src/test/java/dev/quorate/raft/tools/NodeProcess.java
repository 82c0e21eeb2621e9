package dev.quorate.raft.tools;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A {@link NodeProgram} in a process of its own. Closing it kills it. */
final class NodeProcess implements AutoCloseable {

  private static final long PATIENCE_SECONDS = 60;

  private final Process process;
  private final Path errors;
  private final BufferedWriter input;
  private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();

  private NodeProcess(Process process, Path errors) {
    this.process = process;
    this.errors = errors;
    this.input =
        new BufferedWriter(
            new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8));
  }

  static NodeProcess start(String id, String nodes, Path directory) throws IOException {
    Path errors = Files.createTempFile(directory, id, ".err");
    // On the class path, whatever the test itself runs on: plug-ins are found there too.
    String jars =
        System.getProperty("java.class.path")
            + System.getProperty("path.separator")
            + System.getProperty("jdk.module.path", "")
            + System.getProperty("path.separator")
            + Path.of("target/test-classes").toAbsolutePath();
    Process process =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-XX:TieredStopAtLevel=1",
                    "-cp",
                    jars,
                    NodeProgram.class.getName(),
                    id,
                    nodes,
                    directory.resolve(id).toString()))
            .redirectError(errors.toFile())
            .start();
    NodeProcess node = new NodeProcess(process, errors);
    Thread reader = new Thread(node::readAnswers, "answers-of-" + id);
    reader.setDaemon(true);
    reader.start();
    return node;
  }

  private void readAnswers() {
    try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
      reader.lines().forEach(answers::add);
    } catch (IOException e) {
      answers.add("cannot be read any more: " + e);
    }
  }

  /** Says a line and waits for the answer. */
  String ask(String line) throws IOException, InterruptedException {
    input.write(line);
    input.newLine();
    input.flush();
    String answer = answers.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
    assertThat(answer).as(this::errors).isNotNull();
    return answer;
  }

  /** What the node logged so far. */
  String errors() {
    try {
      return Files.readString(errors);
    } catch (IOException e) {
      return "its log cannot be read: " + e;
    }
  }

  /** As {@code kill -9}. */
  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }
}
