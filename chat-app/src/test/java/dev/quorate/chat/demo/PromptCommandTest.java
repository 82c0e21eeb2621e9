package dev.quorate.chat.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PromptCommandTest {
  private static final SortedSet<Integer> NODES = new TreeSet<>(List.of(1, 2, 3, 4, 5));

  @Test
  void understandsEveryCommand() {
    assertThat(PromptCommand.parse("status", NODES)).isEqualTo(new PromptCommand.Status());
    assertThat(PromptCommand.parse("  TEST ", NODES)).isEqualTo(new PromptCommand.Test());
    assertThat(PromptCommand.parse("fail 3", NODES)).isEqualTo(new PromptCommand.Fail(3));
    assertThat(PromptCommand.parse("kill\t3", NODES)).isEqualTo(new PromptCommand.Fail(3));
    assertThat(PromptCommand.parse("start 5", NODES)).isEqualTo(new PromptCommand.Start(5));
    assertThat(PromptCommand.parse("readmit 4", NODES)).isEqualTo(new PromptCommand.Readmit(4));
    assertThat(PromptCommand.parse("help", NODES)).isEqualTo(new PromptCommand.Help());
    assertThat(PromptCommand.parse("exit", NODES)).isEqualTo(new PromptCommand.Exit());
    assertThat(PromptCommand.parse("   ", NODES)).isEqualTo(new PromptCommand.Nothing());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "fail|fail needs the number of a node, for example: fail 3",
        "start|start needs the number of a node, for example: start 3",
        "fail x|fail: 'x' is no node's number; the nodes are 1, 2, 3, 4, 5",
        "fail 9|fail: there is no node 9; the nodes are 1, 2, 3, 4, 5",
        "fail -1|fail: there is no node -1; the nodes are 1, 2, 3, 4, 5",
        "fail 3 4|fail takes one node at a time, but got '4' too",
        "status 3|status takes no argument, but got '3'",
        "Launch|unknown command 'Launch'; 'help' lists the commands"
      })
  void saysInOneLineWhatIsWrong(String line, String message) {
    assertThat(PromptCommand.parse(line, NODES)).isEqualTo(new PromptCommand.Invalid(message));
  }
}
