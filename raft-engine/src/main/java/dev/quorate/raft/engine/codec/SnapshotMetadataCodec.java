package dev.quorate.raft.engine.codec;

import dev.quorate.raft.api.storage.LogEntry;
import dev.quorate.raft.engine.message.SnapshotMetadata;
import java.nio.ByteBuffer;

/** A snapshot's metadata in bytes: the record's components in their order. */
public final class SnapshotMetadataCodec {

  private static final int FIXED_BYTES = 24;

  private SnapshotMetadataCodec() {}

  /** The bytes of metadata. */
  public static ByteBuffer encode(SnapshotMetadata metadata) {
    LogEntry configuration = metadata.configuration();
    LogEntry bootstrap = metadata.bootstrap();
    Writer writer =
        new Writer(FIXED_BYTES + configuration.encodedLength() + bootstrap.encodedLength());
    writer.i64(metadata.index()).i64(metadata.term()).i64(metadata.clusterTimeMillis());
    return writer.entry(configuration).entry(bootstrap).done();
  }

  /**
   * Reads metadata that fills a buffer.
   *
   * @throws DecodeException if the buffer is not exactly that
   */
  public static SnapshotMetadata decode(ByteBuffer source) throws DecodeException {
    Reader reader = new Reader(source);
    long index = reader.natural("index");
    long term = reader.natural("term");
    long clusterTime = reader.i64();
    LogEntry configuration = reader.entry();
    LogEntry bootstrap = reader.entry();
    reader.end();
    ConfigurationCodec.decode(configuration.payload());
    ConfigurationCodec.decode(bootstrap.payload());
    try {
      return new SnapshotMetadata(index, term, clusterTime, configuration, bootstrap);
    } catch (IllegalArgumentException e) {
      throw new DecodeException(e.getMessage(), e);
    }
  }
}
