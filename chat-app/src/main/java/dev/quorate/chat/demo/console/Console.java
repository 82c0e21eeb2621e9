package dev.quorate.chat.demo.console;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Where commands come from and answers go. */
public interface Console extends AutoCloseable {

  /** The next line; empty at the end of the input. */
  Optional<String> readCommand() throws IOException, InterruptedByUserException;

  /** Whether somebody sits there who can be asked. */
  boolean canAsk();

  /** Asks for one line; empty at the end of the input. */
  Optional<String> ask(String question) throws IOException, InterruptedByUserException;

  /** Writes one line, at once. */
  void print(String line);

  /** Writes lines, at once. */
  default void print(List<String> lines) {
    lines.forEach(this::print);
  }

  /** Gives the terminal back as it was. */
  @Override
  void close() throws IOException;

  /** Somebody pressed Ctrl-C. */
  final class InterruptedByUserException extends Exception {
    private static final long serialVersionUID = 1L;

    InterruptedByUserException(Throwable cause) {
      super("interrupted", cause);
    }
  }
}
