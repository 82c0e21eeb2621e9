package dev.quorate.chat.demo.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Optional;

/**
 * The demo's files, all below one directory.
 *
 * @param root {@code ./data}, relative to where the demo was started
 */
public record DataFiles(Path root) {

  /** A node's own directory, written by nobody but its process. */
  public Path node(int node) {
    return root.resolve("node_" + node);
  }

  /** What a node logs. */
  public Path log(int node) {
    return root.resolve("logs").resolve("node_" + node + ".log");
  }

  /** What a node's process complains of outside its log: why it could not start, or crashed. */
  public Path errors(int node) {
    return root.resolve("logs").resolve("node_" + node + ".err");
  }

  /** The cluster file that the local nodes are given; {@code machine} 0 is "all of them". */
  public Path cluster(int machine) {
    return root.resolve(machine == 0 ? "cluster.json" : "cluster_machine_" + machine + ".json");
  }

  /** Makes the directories that must be there before a process is started. */
  public void prepare() throws IOException {
    Files.createDirectories(root.resolve("logs"));
  }

  /** Deletes a node's data. Links are deleted, never followed. */
  public void clear(int node) throws IOException {
    Path directory = node(node);
    if (!Files.exists(directory)) {
      return;
    }
    Files.walkFileTree(
        directory,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path visited, IOException failure)
              throws IOException {
            if (failure != null) {
              throw failure;
            }
            Files.delete(visited);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  /** The last complaint of a node's process outside its log, if there was any. */
  public Optional<String> lastWords(int node) {
    try {
      List<String> lines =
          Files.readString(errors(node), StandardCharsets.UTF_8)
              .lines()
              .filter(line -> !line.isBlank())
              .toList();
      return lines.isEmpty() ? Optional.empty() : Optional.of(lines.get(lines.size() - 1).strip());
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
