package dev.quorate.chat.demo.console;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Reads commands from a pipe or a file. Every command is repeated in the output, so that a log of
 * the output alone can be read.
 */
public final class PlainConsole implements Console {
  private final BufferedReader in;
  private final PrintStream out;

  /** Reads and writes UTF-8 whatever the locale says: the table has signs that others lack. */
  public PlainConsole(InputStream in, PrintStream out) {
    this.in = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
    this.out = out;
  }

  @Override
  public Optional<String> readCommand() throws IOException {
    Optional<String> line = Optional.ofNullable(in.readLine());
    line.ifPresent(command -> print("> " + command));
    return line;
  }

  @Override
  public boolean canAsk() {
    return false;
  }

  @Override
  public Optional<String> ask(String question) {
    throw new IllegalStateException("there is nobody to ask: " + question);
  }

  @Override
  public void print(String line) {
    out.println(line);
    out.flush();
  }

  @Override
  public void close() {
    out.flush();
  }
}
