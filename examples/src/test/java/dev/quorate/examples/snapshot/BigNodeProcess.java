package dev.quorate.examples.snapshot;

import dev.quorate.examples.process.Java;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** A {@link BigNode} with little memory. */
final class BigNodeProcess implements AutoCloseable {

  static final String HEAP = "-Xmx64m";

  private static final String ANSWER = "answer ";

  private final Process process;
  private final BufferedWriter in;
  private final BufferedReader out;

  BigNodeProcess(String id, String nodes, Path directory) throws IOException {
    process =
        Java.process(
                List.of(HEAP, "-XX:MaxDirectMemorySize=32m", "-XX:+ExitOnOutOfMemoryError"),
                BigNode.class,
                id,
                nodes,
                directory.toString())
            .start();
    in =
        new BufferedWriter(
            new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8));
    out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  /** Tells the node to do something and waits for its answer. */
  String ask(String line) throws IOException {
    in.write(line + "\n");
    in.flush();
    StringBuilder log = new StringBuilder();
    for (String answer = out.readLine(); answer != null; answer = out.readLine()) {
      if (answer.startsWith(ANSWER)) {
        return answer.substring(ANSWER.length());
      }
      log.append(answer).append('\n');
    }
    throw new AssertionError("the node ended instead of answering '" + line + "':\n" + log);
  }

  /** Ends the process as a loss of power would, but for the disk's cache. */
  @Override
  public void close() {
    process.destroyForcibly();
    process.onExit().join();
  }
}
