package dev.quorate.examples.nodes;

import dev.quorate.raft.api.ApplyContext;
import dev.quorate.raft.api.Snapshot;
import dev.quorate.raft.api.StateMachine;
import dev.quorate.raft.api.state.DirectorySnapshot;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A text in each file of a directory. A command {@code name=text} replaces a file, never changing
 * one in place, and gives the text before; a query is a name. It begins empty: what it had applied
 * in an earlier life comes back by snapshot and log.
 */
final class TextFiles implements StateMachine {

  private final Path directory;

  TextFiles(Path directory) {
    this.directory = directory;
    try {
      Files.createDirectories(directory);
      try (Stream<Path> files = Files.walk(directory)) {
        List<Path> inside =
            files
                .filter(path -> !path.equals(directory))
                .sorted(Comparator.reverseOrder())
                .toList();
        for (Path path : inside) {
          Files.delete(path);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public byte[] apply(ApplyContext context, ByteBuffer command) {
    String[] parts = StandardCharsets.UTF_8.decode(command).toString().split("=", 2);
    try {
      byte[] before = text(parts[0]);
      Path fresh = directory.resolveSibling(directory.getFileName() + ".fresh");
      Files.writeString(fresh, parts[1]);
      Files.move(fresh, directory.resolve(parts[0]), StandardCopyOption.ATOMIC_MOVE);
      return before;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private byte[] text(String name) throws IOException {
    Path file = directory.resolve(name);
    return Files.exists(file) ? Files.readAllBytes(file) : new byte[0];
  }

  @Override
  public byte[] query(ByteBuffer query) {
    try {
      return text(StandardCharsets.UTF_8.decode(query).toString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public Optional<Snapshot> capture() {
    return Optional.of(DirectorySnapshot.capture(directory));
  }

  @Override
  public void restore(InputStream in) throws IOException {
    DirectorySnapshot.restore(in, directory);
  }
}
