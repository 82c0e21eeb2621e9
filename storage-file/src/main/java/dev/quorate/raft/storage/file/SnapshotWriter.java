package dev.quorate.raft.storage.file;

import dev.quorate.raft.api.storage.NoSpaceException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * Writes the file of a snapshot that does not count yet. What fails here is a full disk (P5), or
 * treated as one: the file is deleted, nothing was lost, and it can be tried again later.
 */
final class SnapshotWriter {

  /**
   * How much is written before it is forced. A force of a whole snapshot at its end would keep the
   * disk, and the log's forces, waiting for as long as that takes.
   */
  private static final long FORCED_BYTES = 8L << 20;

  private final Path file;
  private final SnapshotHeader header;
  private final MessageDigest digest;
  private final ByteBuffer chunk =
      ByteBuffer.allocate(SnapshotHeader.CHUNK_BYTES + Integer.BYTES)
          .limit(SnapshotHeader.CHUNK_BYTES);
  private FileChannel channel;
  private int link;
  private long chunks;
  private long length;
  private long end;
  private long forced;

  private SnapshotWriter(Path file, SnapshotHeader header) {
    this.file = file;
    this.header = header;
    this.digest = sha256();
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** Begins a file. */
  static SnapshotWriter begin(Path file, SnapshotHeader header) throws NoSpaceException {
    SnapshotWriter writer = new SnapshotWriter(file, header);
    try {
      writer.channel =
          FileChannel.open(
              file,
              StandardOpenOption.CREATE,
              StandardOpenOption.TRUNCATE_EXISTING,
              StandardOpenOption.WRITE);
      ByteBuffer out = ByteBuffer.allocate(header.length());
      writer.link = header.encode(out);
      writer.put(out.flip());
      return writer;
    } catch (IOException e) {
      throw writer.noSpace(e);
    }
  }

  /** How long the content is so far. */
  long length() {
    return length;
  }

  /** Adds content. */
  void append(ByteBuffer bytes) throws NoSpaceException {
    try {
      while (bytes.hasRemaining()) {
        int count = Math.min(bytes.remaining(), chunk.remaining());
        ByteBuffer part = bytes.slice(bytes.position(), count);
        digest.update(part.duplicate());
        chunk.put(part);
        bytes.position(bytes.position() + count);
        length += count;
        if (!chunk.hasRemaining()) {
          putChunk();
        }
      }
    } catch (IOException e) {
      throw noSpace(e);
    }
  }

  private void putChunk() throws IOException {
    int count = chunk.position();
    FreeSpace.require(file, count);
    chunk.limit(count + Integer.BYTES);
    chunk.putInt(Checksum.of(header.salt() + 1 + chunks, chunk, 0, count));
    put(chunk.flip());
    chunk.clear().limit(SnapshotHeader.CHUNK_BYTES);
    chunks++;
    if (end - forced >= FORCED_BYTES) {
      channel.force(false);
      forced = end;
    }
  }

  private void put(ByteBuffer bytes) throws IOException {
    int count = bytes.remaining();
    ChannelIo.writeFully(channel, bytes, end);
    end += count;
  }

  /** Ends the content, of which nothing can be added then; the file is not forced. */
  SnapshotFooter finish() throws NoSpaceException {
    SnapshotFooter footer = new SnapshotFooter(length, digest.digest());
    try {
      if (chunk.position() > 0) {
        putChunk();
      }
      put(footer.encode(link, header.salt()));
      return footer;
    } catch (IOException e) {
      throw noSpace(e);
    }
  }

  /** Makes the file durable and closes it. It still has no name under which it counts. */
  void force() throws NoSpaceException {
    try {
      channel.force(true);
      channel.close();
    } catch (IOException e) {
      throw noSpace(e);
    }
  }

  /** Closes the file, to be opened again by {@link #resume}. */
  void suspend() throws IOException {
    channel.close();
  }

  /** Opens the file again, in the same process. */
  void resume() throws IOException {
    channel = FileChannel.open(file, StandardOpenOption.WRITE);
  }

  /** Closes and deletes the file. */
  void discard() throws IOException {
    try {
      if (channel != null) {
        channel.close();
      }
    } finally {
      Files.deleteIfExists(file);
    }
  }

  private NoSpaceException noSpace(IOException cause) {
    try {
      discard();
    } catch (IOException e) {
      cause.addSuppressed(e);
    }
    return new NoSpaceException(
        "no room for a snapshot in " + file + ": " + cause.getMessage(), cause);
  }

  Path file() {
    return file;
  }
}
