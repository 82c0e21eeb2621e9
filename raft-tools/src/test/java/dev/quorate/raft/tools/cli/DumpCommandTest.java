package dev.quorate.raft.tools.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.storage.LogEntry;
import dev.quorate.raft.api.storage.WriteRecord;
import dev.quorate.raft.engine.codec.ClusterSettingsCodec;
import dev.quorate.raft.engine.message.ClusterSettings;
import dev.quorate.raft.tools.Cluster;
import dev.quorate.raft.tools.Log;
import dev.quorate.raft.tools.Tree;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code raft dump} on the directories of a real cluster. */
class DumpCommandTest {

  private static final int COMMANDS = 60;

  @TempDir static Path nodes;
  @TempDir Path directory;

  private static long lastIndex;

  @BeforeAll
  static void runACluster() throws IOException {
    try (Cluster cluster = Cluster.start(nodes)) {
      for (int i = 0; i < COMMANDS; i++) {
        cluster.submit("n1", "secret command number " + i + " \"quoted\"");
      }
      lastIndex = cluster.node("n1").status().lastIndex();
    }
  }

  private static Path n1() {
    return nodes.resolve("n1");
  }

  @Test
  void saysWhatIsThere() throws IOException {
    Map<String, String> before = Tree.bytes(n1());

    Run run = Run.of("dump", n1());

    assertThat(run.exit()).as(run.errors()).isZero();
    assertThat(run.said("directory"))
        .singleElement()
        .asString()
        .contains("cluster=tools-test node=n1");
    assertThat(run.said("log"))
        .singleElement()
        .asString()
        .contains("base-index=0 base-term=0 last-index=", "torn-bytes=0");
    assertThat(run.said("hard-state")).singleElement().asString().contains("term=", "vote=");
    assertThat(run.said("segment"))
        .hasSizeGreaterThan(1)
        .last()
        .asString()
        .contains("sealed=false");
    assertThat(run.said("watermark")).hasSize(1);
    assertThat(run.said("configuration"))
        .singleElement()
        .asString()
        .contains("index=1 term=0 in-effect=true cluster-id=", "voters=n1@127.0.0.1:", ",n3@");
    // A leader that was elected while all were closed may have added one of its own.
    assertThat(run.said("entry")).hasSizeGreaterThanOrEqualTo((int) lastIndex);
    assertThat(run.said("log").get(0)).contains(" last-index=" + run.said("entry").size() + " ");
    assertThat(run.lines()).noneMatch(line -> line.contains("secret"));
    assertThat(Tree.bytes(n1())).as("not a byte was changed").isEqualTo(before);
  }

  @Test
  void showsPayloadsOnlyWhenAsked() {
    // The engine has entries of its own, whose places differ from run to run.
    String last = Long.toString(lastIndex);
    String before = Long.toString(lastIndex - 2);

    Run run = Run.of("dump", "--payload", "--from", before, "--to", last, n1());

    assertThat(run.said("entry")).hasSize(3);
    assertThat(run.said("entry"))
        .filteredOn(line -> line.contains(" type=COMMAND "))
        .isNotEmpty()
        .allMatch(line -> line.contains(" payload=7365637265742063"))
        .allMatch(line -> line.contains(" text=\"secret command number "));
  }

  @Test
  void everyLineOfJsonIsAnObject() {
    Run run = Run.of("dump", "--json", "--payload", n1());

    List<JsonObject> objects = run.lines().stream().map(DumpCommandTest::json).toList();
    assertThat(objects)
        .extracting(object -> object.getString("kind"))
        .contains("directory", "group", "hard-state", "log", "segment", "configuration", "entry");
    assertThat(objects)
        .filteredOn(object -> object.getString("kind").equals("entry"))
        .filteredOn(object -> object.getString("type").equals("COMMAND"))
        .hasSize(COMMANDS)
        .allMatch(object -> object.getString("text").startsWith("secret command number "));
    assertThat(objects)
        .filteredOn(object -> object.getString("kind").equals("configuration"))
        .allMatch(object -> object.getJsonArray("voters").size() == 3);
  }

  @Test
  void showsTheSettingsOfTheCluster() throws IOException {
    LogEntry known =
        LogEntry.of(
            LogEntry.Type.SETTINGS,
            1,
            1,
            0,
            0,
            ClusterSettingsCodec.encode(new ClusterSettings(1, 7, 8, 9, 10, false)));
    LogEntry preferring =
        LogEntry.of(
            LogEntry.Type.SETTINGS,
            2,
            1,
            0,
            0,
            ClusterSettingsCodec.encode(
                new ClusterSettings(
                    2, 7, 8, 9, 10, true, new TreeMap<>(Map.of(NodeId.of("n2"), 3)))));
    try (Log log = Log.open(directory.resolve("settings"))) {
      log.write(new WriteRecord.Append(List.of(known, preferring)));
      log.write(Log.entry(LogEntry.Type.SETTINGS, 3, 1, 0)).force();
    }

    Run run = Run.of("dump", directory.resolve("settings"));

    assertThat(run.said("entry").get(0))
        .contains(
            " settings-version=1 max-sessions=7 max-results=8 max-result-bytes=9"
                + " session-timeout-millis=10 lease=false");
    assertThat(run.said("entry").get(0)).doesNotContain("priorities");
    assertThat(run.said("entry").get(1)).contains(" lease=true priorities={n2=3}");
    assertThat(run.said("entry").get(2)).contains(" unreadable=");
  }

  private static JsonObject json(String line) {
    return Json.createReader(new StringReader(line)).readObject();
  }

  @Test
  void whereTheLogIsDamagedItShowsTheRecords() throws IOException {
    Path copy = Tree.copy(n1(), directory.resolve("copy"));
    Tree.flip(copy.resolve("group-default/0000000001.wal"), 3000);

    Run run = Run.of("dump", copy);

    assertThat(run.exit()).isEqualTo(ExitCode.DAMAGED);
    assertThat(run.said("damage")).first().asString().contains("0000000001.wal, offset ");
    assertThat(run.said("entry")).isEmpty();
    assertThat(run.said("record"))
        .anyMatch(line -> line.contains("segment=1 ") && line.contains("type=HARD_STATE term=1 "))
        .anyMatch(line -> line.contains("segment=2 ") && line.contains("type=COMMAND "));
  }

  @Test
  void aDirectoryInUseIsLeftAlone() throws IOException {
    Path data = directory.resolve("data");
    try (Cluster cluster = Cluster.start(data)) {
      cluster.submit("n1", "x");
      Run run = Run.of("dump", cluster.directory("n2"));

      assertThat(run.exit()).isEqualTo(ExitCode.CANNOT_READ);
      assertThat(run.lines()).isEmpty();
      assertThat(run.errors()).contains("is in use by");
      assertThat(Run.of("dump", cluster.directory("n2")).exit())
          .as("being refused does not take the holder's lock away")
          .isEqualTo(ExitCode.CANNOT_READ);
    }
  }

  @Test
  void aCopyWithoutALockFileIsReadAndStaysWithout() throws IOException {
    Path copy = Tree.copy(n1(), directory.resolve("copy"));
    Files.delete(copy.resolve("lock"));

    assertThat(Run.of("dump", copy).exit()).isZero();
    assertThat(copy.resolve("lock")).doesNotExist();
  }

  @Test
  void saysWhatIsNoDataDirectory() {
    assertThat(Run.of("dump", directory))
        .returns(ExitCode.CANNOT_READ, Run::exit)
        .extracting(Run::errors)
        .asString()
        .contains("is no data directory");
    assertThat(Run.of("dump", directory.resolve("absent")).errors()).contains("is no directory");
    assertThat(Run.of("dump", "--group", "other", n1()))
        .returns(ExitCode.CANNOT_READ, Run::exit)
        .extracting(Run::errors)
        .asString()
        .contains("there is no group 'other' here; there are: default");
  }

  @Test
  void saysWhatIsWrongWithTheCommand() {
    assertThat(Run.of("dump").exit()).isEqualTo(ExitCode.USAGE);
    assertThat(Run.of("dump", "--from", "x", n1()).exit()).isEqualTo(ExitCode.USAGE);
    assertThat(Run.of("dmup", n1()).errors()).contains("raft: ", "(see 'raft --help')");
    assertThat(Run.of().errors()).contains("a command is missing: dump, verify");
    assertThat(Run.of("dump", "--help").lines()).anyMatch(line -> line.contains("--payload"));
  }
}
