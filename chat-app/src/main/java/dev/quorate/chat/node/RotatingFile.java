package dev.quorate.chat.node;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.logging.ErrorManager;
import java.util.logging.Handler;
import java.util.logging.LogRecord;

/**
 * Logs to a file that always has the same name: when it is full it becomes {@code name.1}, what was
 * that becomes {@code name.2}, and so on. The JDK's own handler puts a number into the name of the
 * newest file too, and leaves lock files behind.
 */
final class RotatingFile extends Handler {

  private static final long MAX_BYTES = 5L * 1024 * 1024;
  private static final int OLD_FILES = 3;

  private final Path file;
  private final long maxBytes;
  private OutputStream out;
  private long bytes;

  RotatingFile(Path file) throws IOException {
    this(file, MAX_BYTES);
  }

  RotatingFile(Path file, long maxBytes) throws IOException {
    this.file = file.toAbsolutePath();
    this.maxBytes = maxBytes;
    Path directory = this.file.getParent();
    if (directory == null) {
      throw new IOException(file + " is no file");
    }
    Files.createDirectories(directory);
    open();
  }

  private void open() throws IOException {
    out =
        new BufferedOutputStream(
            Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND));
    bytes = Files.size(file);
  }

  @Override
  public synchronized void publish(LogRecord entry) {
    if (out == null || !isLoggable(entry)) {
      return;
    }
    try {
      byte[] line = getFormatter().format(entry).getBytes(StandardCharsets.UTF_8);
      if (bytes > 0 && bytes + line.length > maxBytes) {
        rotate();
      }
      out.write(line);
      // At once: the last lines before a kill are the ones that are looked for.
      out.flush();
      bytes += line.length;
    } catch (IOException e) {
      reportError(null, e, ErrorManager.WRITE_FAILURE);
    }
  }

  private void rotate() throws IOException {
    out.close();
    for (int i = OLD_FILES; i > 1; i--) {
      if (Files.exists(old(i - 1))) {
        Files.move(old(i - 1), old(i), StandardCopyOption.REPLACE_EXISTING);
      }
    }
    Files.move(file, old(1), StandardCopyOption.REPLACE_EXISTING);
    open();
  }

  private Path old(int number) {
    return file.resolveSibling(file.getFileName() + "." + number);
  }

  @Override
  public synchronized void flush() {
    // Every line is flushed as it is written.
  }

  @Override
  public synchronized void close() {
    if (out != null) {
      try {
        out.close();
      } catch (IOException e) {
        reportError(null, e, ErrorManager.CLOSE_FAILURE);
      }
      out = null;
    }
  }
}
