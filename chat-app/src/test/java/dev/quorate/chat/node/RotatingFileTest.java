package dev.quorate.chat.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.logging.Formatter;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RotatingFileTest {

  @TempDir private Path directory;

  @Test
  void keepsTheNameAndThreeOldFiles() throws IOException {
    Path file = directory.resolve("logs").resolve("node_1.log");

    try (RotatingFileResource log = new RotatingFileResource(file)) {
      for (int i = 1; i <= 9; i++) {
        log.handler.publish(new LogRecord(Level.INFO, "line " + i));
      }
    }

    assertThat(file).hasContent("line 9");
    assertThat(file.resolveSibling("node_1.log.1")).hasContent("line 7\nline 8");
    assertThat(file.resolveSibling("node_1.log.3")).hasContent("line 3\nline 4");
    try (Stream<Path> files = Files.list(file.getParent())) {
      assertThat(files).hasSize(4);
    }
  }

  @Test
  void appendsToWhatIsThereAndDropsWhatComesAfterClosing() throws IOException {
    Path file = directory.resolve("node_1.log");
    Files.writeString(file, "old\n");
    RotatingFileResource log = new RotatingFileResource(file);
    log.handler.publish(new LogRecord(Level.INFO, "new"));
    log.close();

    log.handler.publish(new LogRecord(Level.INFO, "late"));
    log.close();

    assertThat(file).hasContent("old\nnew");
  }

  /** A handler that takes two lines a file. */
  private static final class RotatingFileResource implements AutoCloseable {
    final RotatingFile handler;

    RotatingFileResource(Path file) throws IOException {
      handler = new RotatingFile(file, 14);
      handler.setFormatter(
          new Formatter() {
            @Override
            public String format(LogRecord entry) {
              return entry.getMessage() + "\n";
            }
          });
    }

    @Override
    public void close() {
      handler.close();
    }
  }
}
