package dev.quorate.raft.tools;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The real {@code bin/raft} over the packaged jars on the module path, as this build made them. */
final class Product {

  private static final Path SCRIPT = Path.of("../bin/raft").toAbsolutePath().normalize();

  private final Path directory;

  /** Run in a directory. */
  Product(Path directory) {
    this.directory = directory;
  }

  /** What a run ended with and said. */
  record Ended(int exit, String out, String errors) {}

  Ended raft(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(SCRIPT.toString()));
    command.addAll(List.of(arguments));
    Path out = Files.createTempFile("raft", ".out");
    Path errors = Files.createTempFile("raft", ".err");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectOutput(out.toFile())
            .redirectError(errors.toFile());
    builder.environment().put("QUORATE_BUILD", "never");
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().put("LC_ALL", "C");
    Process process = builder.start();
    try {
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("ends by itself").isTrue();
      return new Ended(process.exitValue(), Files.readString(out), Files.readString(errors));
    } finally {
      process.destroyForcibly();
      Files.delete(out);
      Files.delete(errors);
    }
  }
}
