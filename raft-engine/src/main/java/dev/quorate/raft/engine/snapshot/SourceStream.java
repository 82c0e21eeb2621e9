package dev.quorate.raft.engine.snapshot;

import dev.quorate.raft.api.storage.SnapshotSource;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Objects;

/** A source as a stream, from its beginning. Closing the stream does nothing to the source. */
final class SourceStream extends InputStream {

  private final SnapshotSource source;
  private long offset;

  SourceStream(SnapshotSource source) {
    this.source = source;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
  }

  @Override
  public int read(byte[] bytes, int from, int length) throws IOException {
    Objects.checkFromIndexSize(from, length, bytes.length);
    if (length == 0) {
      return 0;
    }
    int count = source.read(offset, ByteBuffer.wrap(bytes, from, length));
    offset += Math.max(0, count);
    return count;
  }
}
