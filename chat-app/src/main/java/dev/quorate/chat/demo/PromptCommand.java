package dev.quorate.chat.demo;

import java.util.List;
import java.util.Locale;
import java.util.SortedSet;
import java.util.stream.Collectors;

/** A line typed at the prompt, understood. */
sealed interface PromptCommand {

  /** Shows the table of all nodes. */
  record Status() implements PromptCommand {}

  /** Sends a message through the chat and looks for it. */
  record Test() implements PromptCommand {}

  /** Stops a node's process hard. */
  record Fail(int node) implements PromptCommand {}

  /** Starts a stopped node. */
  record Start(int node) implements PromptCommand {}

  /** Lets a node whose disk was wiped take its place again. */
  record Readmit(int node) implements PromptCommand {}

  /** Lists the commands. */
  record Help() implements PromptCommand {}

  /** Ends the demo. */
  record Exit() implements PromptCommand {}

  /** An empty line. */
  record Nothing() implements PromptCommand {}

  /** A line that means nothing; the message says why, in one line. */
  record Invalid(String message) implements PromptCommand {}

  /** The words a line may begin with, in the order in which {@code help} shows them. */
  List<String> WORDS =
      List.of("status", "test", "fail", "kill", "start", "readmit", "help", "exit");

  /** Understands one line; {@code nodes} are the numbers that exist. */
  static PromptCommand parse(String line, SortedSet<Integer> nodes) {
    String[] words = line.strip().split("\\s+");
    String word = words[0].toLowerCase(Locale.ROOT);
    if (word.isEmpty()) {
      return new Nothing();
    }
    return switch (word) {
      case "status" -> alone(words, new Status());
      case "test" -> alone(words, new Test());
      case "help", "?" -> alone(words, new Help());
      case "exit", "quit" -> alone(words, new Exit());
      case "fail", "kill", "start", "readmit" -> withNode(word, words, nodes);
      default -> new Invalid("unknown command '" + words[0] + "'; 'help' lists the commands");
    };
  }

  private static PromptCommand alone(String[] words, PromptCommand command) {
    return words.length == 1
        ? command
        : new Invalid(words[0] + " takes no argument, but got '" + words[1] + "'");
  }

  private static PromptCommand withNode(String word, String[] words, SortedSet<Integer> nodes) {
    if (words.length == 1) {
      return new Invalid(word + " needs the number of a node, for example: " + word + " 3");
    }
    if (words.length > 2) {
      return new Invalid(word + " takes one node at a time, but got '" + words[2] + "' too");
    }
    int node;
    try {
      node = Integer.parseInt(words[1]);
    } catch (NumberFormatException e) {
      return new Invalid(word + ": '" + words[1] + "' is no node's number; " + there(nodes));
    }
    if (!nodes.contains(node)) {
      return new Invalid(word + ": there is no node " + node + "; " + there(nodes));
    }
    return switch (word) {
      case "start" -> new Start(node);
      case "readmit" -> new Readmit(node);
      default -> new Fail(node);
    };
  }

  private static String there(SortedSet<Integer> nodes) {
    return "the nodes are " + nodes.stream().map(String::valueOf).collect(Collectors.joining(", "));
  }
}
