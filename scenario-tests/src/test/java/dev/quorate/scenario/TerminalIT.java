package dev.quorate.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** The demo at a terminal: what it asks, and its prompt. */
@Timeout(400)
@DisabledIfSystemProperty(named = "quorate.scenarios", matches = "short")
class TerminalIT {
  private static final Duration SEARCH = Duration.ofSeconds(3);
  private static final Duration SOON = Duration.ofSeconds(15);
  private static final Duration START = Duration.ofMinutes(4);

  private static final String NOBODY =
      "No other machine of cluster '[^']+' answers in this network";
  private static final String QUESTION =
      "Address of machine 2 \\(Enter alone looks again, Ctrl-D gives up\\): ";
  private static final String PROMPT = "quorate> ";

  @TempDir private Path directory;

  @BeforeEach
  void needTerminal() throws Exception {
    Scenarios.need(TerminalProcess.missing());
  }

  @Test
  void whoFindsNobodyAndCanAskNobodyIsToldSo() throws Exception {
    try (Site searching = Site.twoAddressesToBeFound(directory, Scenarios.transport())) {
      long begin = System.nanoTime();
      DemoProcess demo = searching.start(0);
      demo.await("^chat demo: " + NOBODY + "; name the other machine with --peer-ip .*$", SOON);
      assertThat(demo.awaitExit(SOON)).isEqualTo(2);
      assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThanOrEqualTo(SEARCH);
      assertThat(searching.data(1)).doesNotExist();
    }
  }

  @Test
  void whoFindsNobodyIsAsked() throws Exception {
    try (Site searching = Site.twoAddressesToBeFound(directory, Scenarios.transport())) {
      TerminalProcess demo = searching.startAtTerminal(0);
      demo.await(
          "^.*Looking for machine 2 of cluster '.*' in this network \\(3 s\\) \\.\\.\\.", SOON);
      demo.await("^" + NOBODY + "\\.", SOON);
      demo.awaitPart(QUESTION, SOON);
      // A terminal that is asked for its features answers into what is typed next.
      assertThat(demo.transcript()).doesNotContain("\u001b[c");

      demo.send("no:such:address");
      demo.await("That: no address is known for 'no:such:address'\\.", SOON);
      demo.awaitPart(QUESTION, SOON);
      demo.send("");
      demo.await("Looking for machine 2 .*$", SOON);
      demo.awaitPart(QUESTION, SOON);
      demo.type(TerminalProcess.CTRL_D);
      demo.await("chat demo: the address of the other machine is missing: --peer-ip", SOON);
      assertThat(demo.awaitExit(SOON)).isEqualTo(2);
    }
  }

  @Test
  void theAnswerIsTakenAndThePromptIsServed() throws Exception {
    try (Site searching = Site.twoAddressesToBeFound(directory, Scenarios.transport())) {
      TerminalProcess demo = searching.startAtTerminal(0);
      demo.awaitPart(QUESTION, SOON);
      DemoProcess other = searching.start(1);
      demo.send("127.0.0.2");
      demo.await("Ready after .*: node 2 leads in term \\d+\\.", START);
      other.awaitReady();
      demo.awaitPart(PROMPT, SOON);
      List<ProcessHandle> processes = demo.children();

      // The Tab key completes commands.
      demo.type("statu\t");
      demo.awaitPart("status", SOON);
      demo.send("");
      demo.await("Leader: node 2 in term \\d+\\.", SOON);
      demo.awaitPart(PROMPT, SOON);
      demo.send("test");
      demo.await("PASS in .*", START);
      demo.awaitPart(PROMPT, SOON);
      demo.type(TerminalProcess.CTRL_C);
      assertThat(demo.awaitExit(SOON)).isEqualTo(130);
      DemoProcess.awaitEnd(processes);
      other.exits(0);
    }
  }
}
