package dev.quorate.raft.engine.snapshot;

import dev.quorate.raft.api.storage.SnapshotSink;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;

/** A sink as a stream. Closing the stream does nothing to the sink. */
final class SinkStream extends OutputStream {

  private final SnapshotSink sink;

  SinkStream(SnapshotSink sink) {
    this.sink = sink;
  }

  @Override
  public void write(int value) throws IOException {
    write(new byte[] {(byte) value}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    sink.write(ByteBuffer.wrap(bytes, offset, length));
  }
}
