package dev.quorate.raft.tools.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** The page for operators has commands that exist, and every command that there is. */
class OperationsPageTest {

  private static final Path PAGE = Path.of("../docs/operations.md");

  private static List<String> commands() throws IOException {
    return Files.readAllLines(PAGE).stream()
        .filter(line -> line.strip().startsWith("bin/raft "))
        .map(line -> line.strip().substring("bin/raft ".length()))
        .toList();
  }

  @Test
  void everyCommandOnThePageIsUnderstood() throws IOException {
    for (String command : commands()) {
      CommandLine.ParseResult parsed = new CommandLine(new Main()).parseArgs(command.split(" +"));
      assertThat(parsed.errors()).as(command).isEmpty();
    }
  }

  @Test
  void noCommandIsForgotten() throws IOException {
    List<String> shown = commands();
    assertThat(new CommandLine(new Main()).getSubcommands().keySet())
        .allMatch(name -> shown.stream().anyMatch(line -> line.startsWith(name + " ")));
  }

  @Test
  void everyExitCodeIsOnThePage() throws IOException {
    String page = Files.readString(PAGE);
    for (int code :
        Arrays.asList(ExitCode.SOUND, ExitCode.DAMAGED, ExitCode.USAGE, ExitCode.CANNOT_READ)) {
      assertThat(page).contains("| " + code + " | ");
    }
  }
}
