package dev.quorate.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quorate.raft.testkit.Simulation;
import dev.quorate.raft.testkit.simulation.Fault;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;

/** What a run looks like. */
class DiagramTest {

  private static final String DIAGRAMS = "quorate.simulation.diagrams";

  @TempDir private Path directory;
  private Path drawn;

  @BeforeEach
  void draw() {
    drawn = directory.resolve("drawn");
    System.setProperty(DIAGRAMS, drawn.toString());
  }

  @AfterEach
  void doNotDraw() {
    System.clearProperty(DIAGRAMS);
  }

  @Test
  void aRunIsDrawnWithItsLeadersItsMessagesAndItsCrashes() throws Exception {
    Simulation.of(Accounts::new, new Accounts.Moves(false))
        .seed(3)
        .faults(Fault.KILL, Fault.POWER_LOSS, Fault.CRASH_IN_CALL)
        .run();

    String page = Files.readString(drawn.resolve("seed-3.html"));
    Document svg = svg(page);
    assertThat(svg.getElementsByTagName("line").getLength()).isGreaterThan(1_000);
    // Not by contains(): it would print a page of megabytes.
    assertThat(Stream.of("\"leader\"", "\"log\"", "\"vote\"", "\"bad\"", ">n1<", ">n2<", ">n3<"))
        .allMatch(page::contains);
  }

  @Test
  void aFailureIsDrawnAsTheSmallerRunThatItIsToldAs() throws IOException {
    assertThatThrownBy(
            () -> Simulation.of(Accounts::new, random -> new byte[] {-1, -1}).seed(5).run())
        .hasMessageContaining("diagram: " + drawn.resolve("seed-5.html"));
    assertThat(Files.readString(drawn.resolve("seed-5.html")).contains("seed 5 breaks")).isTrue();
  }

  @Test
  void nothingIsDrawnUnlessItIsWanted() {
    System.clearProperty(DIAGRAMS);
    Simulation.of(Accounts::new, new Accounts.Moves(false)).seed(3).faults().run();
    assertThat(drawn).doesNotExist();
  }

  private static Document svg(String page) throws Exception {
    String svg = page.substring(page.indexOf("<svg"), page.indexOf("</svg>") + "</svg>".length());
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new InputSource(new StringReader(svg)));
  }
}
