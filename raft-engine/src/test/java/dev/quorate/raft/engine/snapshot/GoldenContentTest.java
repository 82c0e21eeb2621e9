package dev.quorate.raft.engine.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quorate.raft.api.Address;
import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.storage.CorruptionException;
import dev.quorate.raft.api.storage.LogEntry;
import dev.quorate.raft.api.storage.SnapshotId;
import dev.quorate.raft.api.storage.SnapshotSink;
import dev.quorate.raft.api.storage.SnapshotSource;
import dev.quorate.raft.engine.codec.ConfigurationCodec;
import dev.quorate.raft.engine.disk.MemorySnapshots;
import dev.quorate.raft.engine.message.ClusterId;
import dev.quorate.raft.engine.message.Configuration;
import dev.quorate.raft.engine.message.Member;
import dev.quorate.raft.engine.message.SnapshotMetadata;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The content of a snapshot in version 1, byte by byte: old snapshots are read for ever. */
class GoldenContentTest {

  private static final String PROMISE =
      "snapshots of this form lie on disks: give these bytes back, or raise the version in"
          + " SnapshotContent, go on reading this one, and add a case for the new one here";

  private static final LogEntry CONFIGURATION = entry(5, 2, "n2");
  private static final LogEntry BOOTSTRAP = entry(1, 0, "n1");
  private static final SnapshotMetadata METADATA =
      new SnapshotMetadata(9, 3, 1_000, CONFIGURATION, BOOTSTRAP);

  private static final String GOLDEN =
      "51434f4e"
          + "0001"
          + "0001" // magic, version, one section
          + String.format(
              "%08x", 24 + CONFIGURATION.encodedLength() + BOOTSTRAP.encodedLength()) // metadata's
          + "0000000000000009"
          + "0000000000000003"
          + "00000000000003e8"
          + hex(CONFIGURATION.encoded())
          + hex(BOOTSTRAP.encoded())
          + "0007"
          + "00000003"
          + "010203" // the section
          + "7374617465"; // the state machine's

  private static LogEntry entry(long index, long term, String node) {
    Member member = new Member(NodeId.of(node), 17, new Address("host", 7001));
    return LogEntry.of(
        LogEntry.Type.CONFIGURATION,
        index,
        term,
        500,
        600,
        ConfigurationCodec.encode(Configuration.ofVoters(new ClusterId(1, 2), List.of(member))));
  }

  private static String hex(ByteBuffer bytes) {
    byte[] array = new byte[bytes.remaining()];
    bytes.duplicate().get(array);
    return HexFormat.of().formatHex(array);
  }

  private static SnapshotSource source(byte[] content) throws IOException {
    MemorySnapshots snapshots = new MemorySnapshots();
    SnapshotId id;
    try (SnapshotSink sink = snapshots.create(1, 9, 3)) {
      sink.write(ByteBuffer.wrap(content));
      id = sink.commit();
    }
    return snapshots.open(id);
  }

  @Test
  void theSameBytesAreWritten() throws IOException {
    MemorySnapshots snapshots = new MemorySnapshots();
    TreeMap<Integer, ByteBuffer> sections = new TreeMap<>();
    sections.put(7, ByteBuffer.wrap(new byte[] {1, 2, 3}));
    SnapshotId id;
    try (SnapshotSink sink = snapshots.create(1, 9, 3)) {
      SnapshotContent.write(
          sink, METADATA, sections, out -> out.write("state".getBytes(StandardCharsets.UTF_8)));
      id = sink.commit();
    }
    ByteBuffer written = ByteBuffer.allocate((int) id.length());
    try (SnapshotSource source = snapshots.open(id)) {
      source.read(0, written);
    }
    assertThat(hex(written.flip())).as(PROMISE).isEqualTo(GOLDEN);
  }

  @Test
  void whatWasWrittenOnceIsRead() throws IOException {
    try (SnapshotSource source = source(HexFormat.of().parseHex(GOLDEN))) {
      assertThat(SnapshotContent.metadata(source)).as(PROMISE).isEqualTo(METADATA);
      SnapshotContent.Opened opened = SnapshotContent.open(source);
      assertThat(opened.metadata()).isEqualTo(METADATA);
      assertThat(opened.sections()).containsOnlyKeys(7);
      assertThat(opened.state()).hasContent("state");
    }
  }

  @Test
  void aVersionThatIsNotKnownIsSaid() throws IOException {
    byte[] newer = HexFormat.of().parseHex(GOLDEN);
    newer[5] = 2;
    try (SnapshotSource source = source(newer)) {
      assertThatThrownBy(() -> SnapshotContent.open(source))
          .isInstanceOf(IOException.class)
          .as("no damage, so that no older one is to be taken")
          .isNotInstanceOf(CorruptionException.class)
          .hasMessageContaining("format 2")
          .hasMessageContaining("newer version");
    }
  }
}
