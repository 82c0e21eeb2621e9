package dev.quorate.raft.engine.snapshot;

import dev.quorate.raft.api.Snapshot;
import dev.quorate.raft.api.storage.CorruptionException;
import dev.quorate.raft.api.storage.SnapshotSink;
import dev.quorate.raft.api.storage.SnapshotSource;
import dev.quorate.raft.engine.codec.DecodeException;
import dev.quorate.raft.engine.codec.SnapshotMetadataCodec;
import dev.quorate.raft.engine.message.SnapshotMetadata;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The form of a snapshot's content, big-endian. Its checksums are the storage's.
 *
 * <pre>
 * bytes  field
 *     4  magic, "QCON"
 *     2  format version, 1
 *     2  number of sections
 *     4  length of the metadata
 *     n  metadata: index, term, cluster time, configuration entry, bootstrap entry
 *        for each section, by rising code:
 *     2    code
 *     4    length
 *     n    bytes
 *     n  the state machine's bytes, to the end
 * </pre>
 */
public final class SnapshotContent {

  private static final int MAGIC = 0x51434f4e; // QCON
  private static final int VERSION = 1;
  private static final int MAX_METADATA_BYTES = 16 << 20;
  private static final int BUFFER_BYTES = 64 << 10;
  private static final String CUT_SHORT = "it is cut short";

  private SnapshotContent() {}

  /** Writes a whole content into a sink, which the caller commits. */
  public static void write(
      SnapshotSink sink,
      SnapshotMetadata metadata,
      SortedMap<Integer, ByteBuffer> sections,
      Snapshot state)
      throws IOException {
    // The sink is the caller's to close, and so is what wraps it.
    BufferedOutputStream buffered = new BufferedOutputStream(new SinkStream(sink), BUFFER_BYTES);
    DataOutputStream out = new DataOutputStream(buffered);
    ByteBuffer encoded = SnapshotMetadataCodec.encode(metadata);
    out.writeInt(MAGIC);
    out.writeShort(VERSION);
    out.writeShort(sections.size());
    put(out, encoded);
    for (Map.Entry<Integer, ByteBuffer> section : sections.entrySet()) {
      out.writeShort(section.getKey());
      put(out, section.getValue());
    }
    state.writeTo(buffered);
    buffered.flush();
  }

  private static void put(DataOutputStream out, ByteBuffer bytes) throws IOException {
    byte[] array = new byte[bytes.remaining()];
    bytes.duplicate().get(array);
    out.writeInt(array.length);
    out.write(array);
  }

  /** A content that was opened up to its state machine's part. */
  public record Opened(
      SnapshotMetadata metadata, SortedMap<Integer, ByteBuffer> sections, InputStream state) {}

  /**
   * Reads a snapshot's metadata.
   *
   * @throws CorruptionException if it is not of this form, or contradicts the snapshot's id
   * @throws IOException if it cannot be read, or a newer version wrote it
   */
  public static SnapshotMetadata metadata(SnapshotSource source) throws IOException {
    DataInputStream in = new DataInputStream(new SourceStream(source));
    try {
      sectionCount(source, in);
      return metadata(source, in);
    } catch (EOFException e) {
      throw damaged(source, CUT_SHORT, e);
    }
  }

  /**
   * Opens a content; the source stays the caller's to close.
   *
   * @throws CorruptionException if it is not of this form, or contradicts the snapshot's id
   * @throws IOException if it cannot be read, or a newer version wrote it
   */
  public static Opened open(SnapshotSource source) throws IOException {
    BufferedInputStream buffered = new BufferedInputStream(new SourceStream(source), BUFFER_BYTES);
    DataInputStream in = new DataInputStream(buffered);
    try {
      int count = sectionCount(source, in);
      SnapshotMetadata metadata = metadata(source, in);
      SortedMap<Integer, ByteBuffer> sections = new TreeMap<>();
      for (int i = 0; i < count; i++) {
        int code = in.readUnsignedShort();
        if (sections.put(code, get(source, in, source.id().length())) != null) {
          throw damaged(source, "section " + code + " is there twice", null);
        }
      }
      return new Opened(metadata, sections, buffered);
    } catch (EOFException e) {
      throw damaged(source, CUT_SHORT, e);
    }
  }

  /** Reads up to the number of sections, which it returns. */
  private static int sectionCount(SnapshotSource source, DataInputStream in) throws IOException {
    if (in.readInt() != MAGIC) {
      throw damaged(source, "this is no snapshot of this library's engine", null);
    }
    int version = in.readUnsignedShort();
    if (version != VERSION) {
      throw newer(source, "its content has format " + version + ", and only 1 is known here");
    }
    return in.readUnsignedShort();
  }

  private static SnapshotMetadata metadata(SnapshotSource source, DataInputStream in)
      throws IOException {
    try {
      SnapshotMetadata metadata = SnapshotMetadataCodec.decode(get(source, in, MAX_METADATA_BYTES));
      if (metadata.index() != source.id().index() || metadata.term() != source.id().term()) {
        throw damaged(
            source, "it says that it is of " + metadata.index() + "/" + metadata.term(), null);
      }
      return metadata;
    } catch (DecodeException e) {
      throw damaged(source, e.getMessage(), e);
    }
  }

  private static ByteBuffer get(SnapshotSource source, DataInputStream in, long limit)
      throws IOException {
    int length = in.readInt();
    if (length < 0 || length > limit) {
      throw damaged(source, "a part of " + length + " bytes is longer than can be", null);
    }
    byte[] bytes = new byte[length];
    in.readFully(bytes);
    return ByteBuffer.wrap(bytes);
  }

  /** What is whole, and only not known here: no damage, so that nothing is to take its place. */
  public static IOException newer(SnapshotSource source, String what) {
    return new IOException(
        source.id()
            + " cannot be used: "
            + what
            + ". A newer version of this library wrote it: start that one, or a newer one");
  }

  private static CorruptionException damaged(SnapshotSource source, String what, Throwable cause) {
    return new CorruptionException(source.id() + " cannot be used: " + what, cause);
  }
}
