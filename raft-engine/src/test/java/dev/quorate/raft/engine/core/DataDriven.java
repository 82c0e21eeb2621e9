package dev.quorate.raft.engine.core;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the test files of etcd's raft, in the format of cockroachdb/datadriven: a directive with
 * arguments, lines of input, {@code ----}, and the expected output up to an empty line, or, if a
 * second {@code ----} follows, up to a pair of them.
 */
final class DataDriven {

  private static final String SEPARATOR = "----";
  private static final Pattern TOKEN =
      Pattern.compile("^ *([-a-zA-Z0-9/_,.]+)(?:|=([-a-zA-Z0-9_@=+/,.]*)|=\\(([^)]*)\\))(?= |$)");

  private final Path file;
  private final List<String> lines;
  private int at;

  /**
   * One case.
   *
   * @param where the file and line of the directive
   * @param command the directive's first word
   * @param arguments its other words; the values in brackets, or the one value, or none
   * @param input the lines before the separator
   * @param expected the lines after it
   */
  record Case(
      String where,
      String command,
      Map<String, List<String>> arguments,
      List<String> input,
      String expected) {

    /** The values of an argument, none if it is missing. */
    List<String> values(String argument) {
      return arguments.getOrDefault(argument, List.of());
    }
  }

  private DataDriven(Path file) throws IOException {
    this.file = file;
    this.lines = Files.readAllLines(file);
  }

  static List<Case> read(Path file) throws IOException {
    return new DataDriven(file).cases();
  }

  private List<Case> cases() {
    List<Case> cases = new ArrayList<>();
    while (at < lines.size()) {
      String line = lines.get(at);
      if (line.isBlank() || line.startsWith("#")) {
        at++;
      } else {
        cases.add(readCase());
      }
    }
    return cases;
  }

  private Case readCase() {
    String where = file.getFileName() + ":" + (at + 1);
    String directive = lines.get(at++);
    while (directive.endsWith("\\")) {
      directive = directive.substring(0, directive.length() - 1) + lines.get(at++);
    }
    Map<String, List<String>> words = words(where, directive);
    List<String> input = upTo(SEPARATOR);
    String expected;
    if (at < lines.size() && lines.get(at).equals(SEPARATOR)) {
      at++;
      List<String> output = upTo(SEPARATOR);
      if (at >= lines.size() || !lines.get(at++).equals(SEPARATOR)) {
        throw new IllegalArgumentException(where + ": the output is not closed");
      }
      expected = String.join("\n", output);
    } else {
      expected = String.join("\n", upTo(""));
    }
    String command = words.keySet().iterator().next();
    words.remove(command);
    return new Case(where, command, words, input, expected);
  }

  private static Map<String, List<String>> words(String where, String directive) {
    Map<String, List<String>> words = new LinkedHashMap<>();
    String rest = directive.stripTrailing();
    while (!rest.isEmpty()) {
      Matcher token = TOKEN.matcher(rest);
      if (!token.find()) {
        throw new IllegalArgumentException(where + ": cannot read '" + rest + "'");
      }
      List<String> values = List.of();
      if (token.group(2) != null) {
        values = List.of(token.group(2));
      } else if (token.group(3) != null) {
        values = Arrays.stream(token.group(3).split(",")).map(String::strip).toList();
      }
      words.put(token.group(1), values);
      rest = rest.substring(token.end());
    }
    return words;
  }

  private List<String> upTo(String end) {
    List<String> found = new ArrayList<>();
    while (at < lines.size() && !lines.get(at).equals(end)) {
      found.add(lines.get(at++));
    }
    at++;
    return found;
  }
}
