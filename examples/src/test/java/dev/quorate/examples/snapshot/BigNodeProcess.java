package dev.quorate.examples.snapshot;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** A {@link BigNode} with little memory. */
final class BigNodeProcess implements AutoCloseable {

  static final String HEAP = "-Xmx64m";

  private static final String ANSWER = "answer ";

  private final Process process;
  private final BufferedWriter in;
  private final BufferedReader out;

  BigNodeProcess(String id, String nodes, Path directory) throws IOException {
    process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                HEAP,
                "-XX:MaxDirectMemorySize=32m",
                "-XX:+ExitOnOutOfMemoryError",
                "-cp",
                classPath(),
                BigNode.class.getName(),
                id,
                nodes,
                directory.toString())
            .redirectErrorStream(true)
            .start();
    in =
        new BufferedWriter(
            new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8));
    out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  /** What this process has, whether it is on the module path or not. */
  private static String classPath() {
    return String.join(
        File.pathSeparator,
        Path.of("target", "test-classes").toString(),
        System.getProperty("java.class.path"),
        System.getProperty("jdk.module.path", ""));
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
