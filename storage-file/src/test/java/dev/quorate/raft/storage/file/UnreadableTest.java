package dev.quorate.raft.storage.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quorate.raft.api.storage.Storage;
import dev.quorate.raft.api.storage.UnreadableException;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Sectors that cannot be read: no harm where nothing lies, and a place named where something does.
 */
class UnreadableTest {

  private static final int SEGMENT_BYTES = 256 << 10;
  private static final String FIRST = Rig.SEGMENTS + "0000000001.wal";

  private Disk disk;
  private Rig rig;

  @BeforeEach
  void write() throws IOException {
    disk = new Disk();
    rig = Rig.open(disk.path("/d"), SEGMENT_BYTES);
    rig.append(20_000);
    rig.append(250_000);
    rig.append(100);
    rig.storage.close();
  }

  private Disk failing(String operation) {
    Disk failing = disk.copy();
    failing.fail(what -> what.startsWith(operation));
    return failing;
  }

  private Content open(Disk on) throws IOException {
    return Rig.open(on.path("/d"), SEGMENT_BYTES).content();
  }

  @Test
  void aSpareThatCannotBeReadIsDeletedAndMadeAnew() throws IOException {
    Disk failing = failing("read " + Rig.SEGMENTS + "spare");
    assertThat(open(failing)).isEqualTo(rig.content());
    assertThat(failing.operations()).contains("delete " + Rig.SEGMENTS + "spare");
    assertThat(failing.files()).containsKey(Rig.SEGMENTS + "spare");
  }

  @Test
  void whatLiesBehindASealedEndIsNotRead() throws IOException {
    int end = SegmentHeader.read(disk.path(Rig.SEGMENTS + "0000000002.wal")).previousEnd();
    Disk failing = disk.copy();
    failing.fail(
        what -> {
          if (!what.startsWith("read " + FIRST)) {
            return false;
          }
          String[] range = what.substring(what.lastIndexOf(' ') + 1).split("\\+");
          return Integer.parseInt(range[0]) + Integer.parseInt(range[1]) > end;
        });
    assertThat(open(failing)).isEqualTo(rig.content());
  }

  @Test
  void anErrorNamesFileAndOffset() {
    assertThatThrownBy(() -> open(failing("read " + FIRST)))
        .isInstanceOf(UnreadableException.class)
        .hasMessageContaining(FIRST + ", offset 0")
        .hasMessageContaining("Input/output error");
  }

  /** Whatever of a group it is, the other groups go on, and nothing of it is changed. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "read " + FIRST,
        "read " + Rig.WATERMARK,
        "open " + FIRST,
        "open " + Rig.WATERMARK,
        "open /d/group-" + Rig.GROUP,
        "list /d/group-" + Rig.GROUP,
        "attributes /d/group-" + Rig.GROUP,
        "attributes " + Rig.WATERMARK
      })
  void oneGroupThatCannotBeReadLeavesTheOthersAlone(String operation) throws IOException {
    Disk failing = failing(operation);
    Map<String, byte[]> before = failing.files();
    before.keySet().removeIf(file -> !file.startsWith(Rig.SEGMENTS));
    try (Storage storage = Rig.storage(failing.path("/d"), SEGMENT_BYTES)) {
      assertThatThrownBy(() -> storage.openLog(Rig.GROUP)).isInstanceOf(UnreadableException.class);
      Rig another = Rig.of(storage, "another");
      another.append(100);
      another.force();
      assertThat(failing.files()).containsAllEntriesOf(before);
      failing.fail(what -> false);
      assertThat(storage.openLog(Rig.GROUP).recovered().lastIndex()).isEqualTo(3);
    }
  }

  /** An error is not taken for a file that is not there. */
  @ParameterizedTest
  @ValueSource(strings = {"/d/identity", Rig.WATERMARK})
  void whetherAFileIsThereIsNotGuessed(String file) {
    Disk failing = failing("attributes " + file);
    assertThatThrownBy(() -> open(failing))
        .isInstanceOf(UnreadableException.class)
        .hasMessage("cannot look at " + file + ": Input/output error");
    assertThat(failing.operations()).noneMatch(operation -> operation.startsWith("create"));
  }

  @Test
  void whereFreeSpaceCannotBeAskedTheFillDecides() throws IOException {
    Disk fresh = new Disk();
    fresh.fail(what -> what.startsWith("space "));
    Rig started = Rig.open(fresh);
    assertThat(started.storage.hasSpace()).isTrue();
  }
}
