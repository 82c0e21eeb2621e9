package dev.quorate.chat.demo.console;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jline.reader.Candidate;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.ParsedLine;
import org.jline.reader.UserInterruptException;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;

/** A prompt with history, line editing and completion. */
public final class TerminalConsole implements Console {
  private static final String PROMPT = "quorate> ";

  private final Terminal terminal;
  private final LineReader commands;
  private final LineReader questions;

  /** What can be typed, given the words before the one that is being typed. */
  @FunctionalInterface
  public interface Completion {
    /** The words that make sense next. */
    List<String> next(List<String> before);
  }

  /** Takes the terminal over. */
  public TerminalConsole(Completion completion, Path history) throws IOException {
    terminal =
        TerminalBuilder.builder()
            .system(true)
            .encoding(StandardCharsets.UTF_8)
            // Else the terminal is asked what it can do, and an answer that comes late, over a slow
            // line, is taken for something typed.
            .graphemeCluster(false)
            .build();
    commands =
        LineReaderBuilder.builder()
            .terminal(terminal)
            .appName("quorate")
            .variable(LineReader.HISTORY_FILE, history)
            // "!" is no command here, and a message may well contain one.
            .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
            .completer((reader, line, found) -> complete(completion, line, found))
            .build();
    // Answers are no commands: they have neither the commands' history nor their completion.
    questions = LineReaderBuilder.builder().terminal(terminal).appName("quorate").build();
  }

  private static void complete(Completion completion, ParsedLine line, List<Candidate> candidates) {
    for (String word : completion.next(line.words().subList(0, line.wordIndex()))) {
      candidates.add(new Candidate(word));
    }
  }

  @Override
  public Optional<String> readCommand() throws InterruptedByUserException {
    return read(commands, PROMPT);
  }

  @Override
  public boolean canAsk() {
    return true;
  }

  @Override
  public Optional<String> ask(String question) throws InterruptedByUserException {
    return read(questions, question + " ");
  }

  private static Optional<String> read(LineReader reader, String prompt)
      throws InterruptedByUserException {
    try {
      return Optional.of(reader.readLine(prompt));
    } catch (EndOfFileException e) {
      return Optional.empty();
    } catch (UserInterruptException e) {
      throw new InterruptedByUserException(e);
    }
  }

  @Override
  public void print(String line) {
    terminal.writer().println(line);
    terminal.writer().flush();
  }

  @Override
  public void close() throws IOException {
    terminal.close();
  }
}
