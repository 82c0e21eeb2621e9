package dev.quorate.chat.member;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.chat.cluster.ClusterFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** What the command says when there is no cluster; with one, scenario S13 uses it. */
class MemberCommandTest {

  @TempDir private Path directory;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void theHelpIsComplete() {
    assertThat(run("--help")).isZero();
    assertThat(out.toString())
        .contains("add|remove|readmit", "--cluster", "--within", "chat node --id 6", "Exit codes");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "add                   | Missing required parameter: 'N'",
        "ad 6                  | 'ad' means nothing here; the changes are: add, remove, readmit",
        "add x                 | 'x' is no node's number, which is 1 or more",
        "add 0                 | '0' is no node's number, which is 1 or more",
        "add 6 --within 0      | --within is 1 to 300 seconds, not 0",
        "add 6 --cluster nix   | cluster file nix does not exist"
      })
  void wrongUsageIsTwoAndSaysWhatIsWrong(String line, String complaint) {
    assertThat(run(line.split(" "))).isEqualTo(2);
    assertThat(err.toString()).contains(complaint);
  }

  @Test
  void whoRunsNoNodeHereIsToldWhere() throws IOException {
    Path file = directory.resolve("cluster.json");
    // An address for documentation (RFC 5737): no machine has it.
    ClusterFile.ofFive("192.0.2.7").write(file);

    assertThat(run("remove", "3", "--cluster", file.toString())).isEqualTo(2);
    assertThat(err.toString()).contains("runs on this machine", "192.0.2.7");
  }

  private int run(String... args) {
    return new CommandLine(new MemberCommand())
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(args);
  }
}
