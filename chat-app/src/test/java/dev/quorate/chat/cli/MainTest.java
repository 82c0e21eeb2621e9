package dev.quorate.chat.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MainTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... arguments) {
    return Main.commandLine()
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(arguments);
  }

  @Test
  void theHelpNamesTheCommands() {
    assertThat(run("--help")).isZero();
    assertThat(out.toString()).contains("demo    Runs", "node    Runs", "member  Adds");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "dmeo               | chat: 'dmeo' means nothing here; the commands are: demo, node, member (see",
        "demo now           | chat demo: 'now' means nothing here (see 'chat demo --help')",
        "demo --bogus       | chat demo: Unknown option: '--bogus' (see 'chat demo --help')",
        "demo --machine-id 3 | chat demo: --machine-id is 1 or 2, not 3 (see 'chat demo --help')",
        "demo --peer-ip h   | chat demo: --peer-ip needs --machine-id 1 or 2: without it"
      })
  void wrongUsageIsTwoAndOneLine(String line, String complaint) {
    assertThat(run(line.split(" "))).isEqualTo(2);
    assertThat(err.toString()).startsWith(complaint).hasLineCount(1);
  }
}
