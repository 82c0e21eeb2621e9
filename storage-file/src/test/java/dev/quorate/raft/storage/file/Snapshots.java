package dev.quorate.raft.storage.file;

import dev.quorate.raft.api.storage.SnapshotId;
import dev.quorate.raft.api.storage.SnapshotSink;
import dev.quorate.raft.api.storage.SnapshotSource;
import dev.quorate.raft.api.storage.SnapshotStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Random;

/** Makes, writes and reads snapshots for tests. */
final class Snapshots {

  static final long BOOT = 0x0123456789abcdefL;

  private Snapshots() {}

  static byte[] content(int length, long seed) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  /** The id that a snapshot must have. */
  static SnapshotId id(long index, long term, byte[] content) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(content);
      return new SnapshotId(BOOT, index, term, content.length, ByteBuffer.wrap(digest).getLong());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Writes some bytes in pieces of all sizes. */
  static void write(SnapshotSink sink, byte[] content, int from, int to) throws IOException {
    int at = from;
    for (int piece = 1; at < to; piece = piece * 3 + 1) {
      int count = Math.min(piece, to - at);
      sink.write(ByteBuffer.wrap(content, at, count));
      at += count;
    }
  }

  static SnapshotId create(SnapshotStore store, long index, long term, byte[] content)
      throws IOException {
    try (SnapshotSink sink = store.create(BOOT, index, term)) {
      write(sink, content, 0, content.length);
      return sink.commit();
    }
  }

  static byte[] read(SnapshotStore store, SnapshotId id) throws IOException {
    try (SnapshotSource source = store.open(id)) {
      return read(source, 50_000);
    }
  }

  static byte[] read(SnapshotSource source, int piece) throws IOException {
    ByteBuffer all = ByteBuffer.allocate(Math.toIntExact(source.id().length()));
    ByteBuffer some = ByteBuffer.allocate(piece);
    while (source.read(all.position(), some) >= 0) {
      all.put(some.flip());
      some.clear();
    }
    return all.array();
  }
}
